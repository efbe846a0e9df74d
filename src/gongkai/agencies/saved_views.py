"""Pages of saved views: save the filter of a list, rename, delete."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies import saved
from gongkai.agencies.models import Agency, SavedView
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for


class SaveForm(forms.Form):
    """The name of a view, and where it is shared."""

    list = forms.CharField(widget=forms.HiddenInput, max_length=200)
    query = forms.CharField(widget=forms.HiddenInput, max_length=saved.LONGEST_QUERY * 2, required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=40,
        help_text=gettext_lazy("As “due this week”. Names of applicants do not belong in it."),
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("Share it in"),
        required=False,
        empty_label=gettext_lazy("for me alone"),
        help_text=gettext_lazy("Everybody of the agency who may open this list sees a shared view."),
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agencies.exists():
            self.fields["agency"].queryset = agencies
        else:
            del self.fields["agency"]


class NameForm(forms.ModelForm):
    """Another name."""

    class Meta:
        model = SavedView
        fields = ("name",)


@staff_only
def save(request: HttpRequest) -> HttpResponse:
    """Save the filter and order that a list shows now."""
    actor = actor_of(request)
    path = request.POST.get("list", "") or request.GET.get("list", "")
    saved.require_list(actor, path)
    form = SaveForm(
        request.POST or None,
        agencies=agencies_for(actor, saved.SHARE),
        initial={"list": path, "query": saved.canonical(request.GET.get("query", ""))},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            view = saved.save(actor, said["list"], said["query"], said["name"], said.get("agency"))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: the view stands above the list now."))
            return redirect(f"{view.list}?{view.query}")
    context = {
        "form": form,
        "title": _("Save as a view"),
        "submit_label": _("Save the view"),
        "cancel_url": path,
    }
    return render(request, "workbench/form.html", context)


@staff_only
def manage(request: HttpRequest) -> HttpResponse:
    """The reader's views, own and shared; what they may change leads to its page."""
    actor = actor_of(request)
    path = request.GET.get("list", "")
    rows = [_row(request, view, saved.may_change(actor, view)) for view in saved.of(actor, path)]
    columns = (_("view"), _("list"), _("seen by"))
    context = {
        "title": _("Saved views"),
        "table": {
            "caption": _("Saved views"),
            "columns": [
                {"label": label, "kind": "main" if n == 0 else ""} for n, label in enumerate(columns)
            ],
            "rows": rows,
        },
        "count": len(rows),
        "empty_title": _("No view is saved yet"),
        "empty_text": _("Filter or sort a list, then choose “Save as a view” above it."),
        "empty_actions": [{"label": _("To the list"), "url": path}] if path else [],
    }
    return render(request, "workbench/list.html", context)


def _row(request: HttpRequest, view: SavedView, changeable: bool) -> dict[str, Any]:
    own = reverse("agencies:saved_view", args=[view.pk])
    name = {"text": view.name, "url": own} if changeable else view.name
    return {
        "cells": [name, {"text": _title(request, view), "url": f"{view.list}?{view.query}"}, _seen_by(view)]
    }


def _seen_by(view: SavedView) -> str:
    return view.agency.name if view.agency else _("me alone")


def _title(request: HttpRequest, view: SavedView) -> str:
    """The title of the list; its address where an earlier version had it and this one has it not."""
    try:
        found = saved.list_at(view.list)()
        match = resolve(view.list)
        found.setup(request, *match.args, **match.kwargs)
    except (Refused, Http404):
        return view.list
    return str(found.title)


def _mine(request: HttpRequest, pk: int) -> SavedView:
    view = get_object_or_404(SavedView.objects.select_related("agency"), pk=pk)
    if not saved.may_change(actor_of(request), view):
        raise Http404
    return view


@staff_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or delete it."""
    view = _mine(request, pk)
    back = f"{reverse('agencies:saved_views')}?list={view.list}"
    before = view.name
    form = NameForm(request.POST or None, instance=view)
    if request.method == "POST" and form.is_valid():
        try:
            saved.rename(actor_of(request), view, form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, _("Renamed."))
            return redirect(back)
    context = {
        "form": form,
        "title": _("View “%(name)s”") % {"name": before},
        "intro": _("Seen by: %(who)s.") % {"who": _seen_by(view)},
        "submit_label": _("Rename"),
        "cancel_url": back,
        "delete": {
            "label": _("Delete the view"),
            "url": reverse("agencies:delete_view", args=[pk]),
            "method": "post",
            "consequence": _("The view is gone for all who see it; the records of the list stay."),
        },
    }
    return render(request, "agencies/saved_view.html", context)


@staff_only
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = _mine(request, pk)
    path = view.list
    saved.delete(actor_of(request), view)
    messages.success(request, _("The view is deleted."))
    return redirect(f"{reverse('agencies:saved_views')}?list={path}")
