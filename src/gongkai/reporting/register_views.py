"""Pages on which a register is filled from a file: template, send in, look, confirm."""

import io
from uuid import UUID

import openpyxl
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for
from gongkai.disclosure.models import RegisterImport
from gongkai.reporting import register_imports
from gongkai.reporting.reading.registers import LARGEST_FILE, MOST_ROWS, NOTES, REGISTERS
from gongkai.reporting.upload_models import REPORT, Upload
from gongkai.reporting.workbook import XLSX

SHOWN = 200
ACTS = {
    register_imports.ADDED: gettext_lazy("new"),
    register_imports.CHANGED: gettext_lazy("changed"),
    register_imports.SAME: gettext_lazy("stands so already"),
    register_imports.STRUCK: gettext_lazy("struck out, stays so"),
}
_RULES = (
    "第一行是表头，请勿改动；其下每行一件，可有多张工作表。",
    "日期写成2021-03-05，月份写成2021-03；金额单位为万元，最多四位小数。",
    "不要填写当事人姓名或名称：表中多出的列不会取用。",
    "同一文号再次导入时，以新文件为准；内容相同的行不变。",
)


class ImportForm(forms.Form):
    """Whose register, which one, from which file."""

    agency = forms.ModelChoiceField(label=gettext_lazy("Agency"), queryset=Agency.objects.none())
    register = forms.ChoiceField(
        label=gettext_lazy("Register"), choices=RegisterImport.Register.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=gettext_lazy("File (xlsx or csv)"),
        help_text=gettext_lazy("At most 10 MB and 20,000 rows, without macros; take the template."),
    )

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies
        self.fields["agency"].initial = agencies.first()
        self.fields["register"].initial = RegisterImport.Register.DECISIONS


@staff_only
def send_in(request: HttpRequest) -> HttpResponse:
    """Choose the register and the file."""
    actor = actor_of(request)
    agencies = agencies_for(actor, "report.draft")
    form = ImportForm(request.POST or None, request.FILES or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        file = said["file"]
        try:
            if file.size > LARGEST_FILE:
                raise Refused(_("This file is larger than 10 MB; divide it by year or kind."))
            upload = register_imports.send_in(
                actor, said["agency"], said["register"], file.name or "", file.read()
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("reporting:import_preview", pk=upload.pk)
    return render(
        request,
        "reporting/import.html",
        {
            "form": form,
            "title": _("Fill a register from a file"),
            "intro": _("You see first what would be added and changed; nothing counts before you confirm."),
            "submit_label": _("Read this file"),
            "cancel_url": reverse("reporting:entries"),
            "templates": [
                {"label": label, "url": reverse("reporting:import_template", args=[register])}
                for register, label in RegisterImport.Register.choices
            ],
        },
    )


def _upload(request: HttpRequest, pk: UUID) -> Upload:
    row = get_object_or_404(Upload.objects.select_related("agency").exclude(purpose=REPORT), pk=pk)
    if row.person_id != actor_of(request).person.pk:
        raise Http404
    return row


@staff_only
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the file would do, row by row, or which of its cells are wrong; the button takes all of it."""
    upload = _upload(request, pk)
    if request.method == "POST":
        try:
            taken = register_imports.confirm(actor_of(request), upload, mark=request.POST.get("mark", ""))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("reporting:import_preview", pk=pk)
        messages.success(
            request,
            _("%(added)d rows added, %(changed)d changed; the report counts them.")
            % {"added": taken.added, "changed": taken.changed},
        )
        normative = taken.register == RegisterImport.Register.NORMATIVE
        return redirect("disclosure:normative_list" if normative else "reporting:entries")
    plan = register_imports.plan(upload)
    moved = sorted(plan.changes, key=lambda one: one.act == register_imports.SAME)
    return render(
        request,
        "reporting/import_preview.html",
        {
            "title": _("What this file would do"),
            "upload": upload,
            "plan": plan,
            "register": dict(RegisterImport.Register.choices)[upload.purpose],
            "added": plan.count(register_imports.ADDED),
            "changed": plan.count(register_imports.CHANGED),
            "same": plan.count(register_imports.SAME),
            "struck": plan.count(register_imports.STRUCK),
            "findings": [
                {"severity": "blocking", "title": place, "advice": sentence}
                for place, sentence in plan.faults
            ],
            "more": max(0, len(moved) - SHOWN),
            "table": {
                "caption": _("Rows of the file"),
                "columns": [
                    {"label": _("record"), "kind": "main"},
                    {"label": _("effect"), "kind": ""},
                    {"label": _("stands now"), "kind": ""},
                    {"label": _("would stand"), "kind": ""},
                    {"label": _("place"), "kind": ""},
                ],
                "rows": [
                    {"cells": [one.name, ACTS[one.act], one.now, one.then, one.place]}
                    for one in moved[:SHOWN]
                ],
            },
            "again": reverse("reporting:import"),
        },
    )


@staff_only
def template(request: HttpRequest, register: str) -> HttpResponse:
    """An empty workbook with the headings of a register, and a sheet that says how to fill it in."""
    if register not in REGISTERS:
        raise Http404
    book = openpyxl.Workbook()
    sheet = book.active
    label = str(dict(RegisterImport.Register.choices)[register])
    sheet.title = label[:31]
    for place, column in enumerate(REGISTERS[register], 1):
        cell = sheet.cell(1, place, column.label)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(16, 2 * len(column.label) + 4)
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(NOTES)
    notes.column_dimensions["A"].width = 60
    for line in (*_RULES, f"一次最多{MOST_ROWS}行。"):
        notes.append([line])
    notes.append(["填写示例："])
    notes.append([column.label for column in REGISTERS[register]])
    notes.append([column.example for column in REGISTERS[register]])
    stream = io.BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{register}.xlsx"'
    return response
