/* Solves the proof of work of a public form while one types. Without it the form is sent without a proof. */
(function () {
  "use strict";

  var field = document.querySelector("[data-challenge]");
  if (!field || !window.crypto || !crypto.subtle) return;

  var challenge = JSON.parse(field.dataset.challenge);
  var parameters = challenge.parameters;

  function bytes(hex) {
    var found = new Uint8Array(hex.length / 2);
    for (var at = 0; at < found.length; at += 1) found[at] = parseInt(hex.substr(at * 2, 2), 16);
    return found;
  }

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), function (byte) {
      return byte.toString(16).padStart(2, "0");
    }).join("");
  }

  async function solve() {
    var salt = bytes(parameters.salt);
    var nonce = bytes(parameters.nonce);
    var input = new Uint8Array(salt.length + nonce.length + 4);
    var counter = new DataView(input.buffer, salt.length + nonce.length, 4);
    var prefix = bytes(parameters.keyPrefix);
    input.set(salt);
    input.set(nonce, salt.length);
    for (var number = 0; number < 4294967295; number += 1) {
      counter.setUint32(0, number);
      var digest = new Uint8Array(await crypto.subtle.digest(parameters.algorithm, input));
      var fits = prefix.every(function (byte, at) { return digest[at] === byte; });
      if (fits) {
        var solution = { counter: number, derivedKey: hex(digest.slice(0, parameters.keyLength)) };
        field.value = btoa(JSON.stringify({ challenge: challenge, solution: solution }));
        return;
      }
    }
  }

  solve();
})();
