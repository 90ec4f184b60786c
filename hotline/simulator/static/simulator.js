// The simulator's page: polls the carrier's ledger and draws two phones and the steps behind them.
"use strict";

const line = document.body.dataset.line;
const phones = ["patient", "nurse"].map((id) => document.getElementById(id));
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/;
const FAILED = new Set(["failed", "undelivered"]);
let state = null;
const spoken = new Set();

async function post(path, data = {}) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data),
  });
  poll();
  return answer.json();
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function numberOf(phone) {
  return phone.id === "nurse" ? state.nurse : state.patient.number;
}

function ticks(text) {
  const marks = { queued: "🕓 queued", sent: "✓ sent", delivered: "✓✓ delivered", received: "✓✓" };
  const span = element("span", FAILED.has(text.status) ? "bad" : "");
  const why = text.error ? ` (${text.error})` : "";
  span.textContent = (marks[text.status] || `✗ ${text.status}`) + why;
  return span;
}

function bubble(text, mine) {
  const made = element("div", "bubble" + (mine ? " mine" : ""), text.body);
  if (!mine && /^(CALL|LLAME|LLAMA|APPELEZ|LIGUE)\b|Hotline EMERGENCY/.test(text.body)) made.classList.add("urgent");
  const small = element("small");
  const many = text.segments === 1 ? "1 segment" : `${text.segments} segments`;
  small.append(`${many} · ${text.encoding} · `, ticks(text));
  made.append(small);
  return made;
}

function drawTexts(phone) {
  const number = numberOf(phone);
  const shown = state.texts.filter((t) => t.from === number || (t.to === number && t.status !== "queued"));
  const box = phone.querySelector(".texts");
  const key = number + shown.map((t) => t.sid + t.status).join();
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...shown.map((t) => bubble(t, t.from === number)));
  if (!shown.length) box.append(element("p", "empty", phone.id === "nurse" ? "Pages arrive here." : "Write to the hotline, or press a scene."));
  box.scrollTop = box.scrollHeight;
  drawQuick(phone, shown.filter((t) => t.to === number).at(-1), shown.at(-1));
}

function drawQuick(phone, last, newest) {
  const box = phone.querySelector(".quick");
  box.replaceChildren();
  if (!last || last !== newest) return;
  const offers = phone.id === "nurse"
    ? [...last.body.matchAll(/\b(TAKE|CALL|DONE|BACK) (\d{4})\b/g)].map((m) => [m[0], m[0]])
    : [...last.body.matchAll(/^(\d{1,2}) (.+)$/gm)].map((m) => [m[1], `${m[1]} ${m[2]}`]);
  for (const [body, label] of new Map(offers)) {
    const button = element("button", "", label);
    button.type = "button";
    button.onclick = () => post("/simulator/text", { from: numberOf(phone), body });
    box.append(button);
  }
}

function callOf(phone) {
  const number = numberOf(phone);
  const mine = state.calls.filter((c) => (c.outbound ? c.to : c.from) === number);
  return mine.find((c) => !c.over) || mine.at(-1);
}

function drawCall(phone) {
  const call = callOf(phone);
  const box = phone.querySelector(".callscreen");
  const old = call && call.over && Date.now() / 1000 - call.at > 3600;
  const hidden = !call || old || phone.dataset.closed === call.sid;
  if (box.hidden !== hidden) {
    box.hidden = hidden;
    const texts = phone.querySelector(".texts");
    texts.scrollTop = texts.scrollHeight;
  }
  if (hidden) return;
  const ringing = call.outbound && !call.over && ["queued", "initiated", "ringing"].includes(call.status);
  const who = call.outbound ? "The hotline is calling" : "Call to the hotline";
  const hears = call.listening ? ` · waiting for ${call.listening.replace("dtmf", "keys").replace(" ", " or ")}` : "";
  box.classList.toggle("ringing", ringing);
  box.classList.toggle("over", call.over);
  box.querySelector(".status").textContent = `${who} · ${call.bridged ? "put through" : call.status}${hears}`;
  box.querySelector(".answer").hidden = !ringing;
  box.querySelector(".hangup").textContent = call.over ? "Close" : ringing ? "Decline" : "Hang up";
  for (const key of box.querySelectorAll("[data-key], .speech input, .speech button")) key.disabled = call.over || ringing;
  const captions = box.querySelector(".captions");
  if (captions.dataset.key === call.sid + call.captions.length) return;
  captions.dataset.key = call.sid + call.captions.length;
  captions.replaceChildren(...call.captions.map((c) => {
    const made = element("p", c.who, c.words);
    if (c.language) made.lang = c.language;
    return made;
  }));
  captions.scrollTop = captions.scrollHeight;
  speak(phone, call);
}

function speak(phone, call) {
  if (!phone.querySelector(".aloud").checked || !window.speechSynthesis) return;
  call.captions.forEach((caption, i) => {
    const id = `${call.sid}/${i}`;
    if (spoken.has(id)) return;
    spoken.add(id);
    if (caption.who === "me" || caption.who === "line") { speechSynthesis.cancel(); return; }
    const words = new SpeechSynthesisUtterance(caption.words);
    words.lang = caption.language || state.patient.language;
    speechSynthesis.speak(words);
  });
}

function pretty(xml) {
  const short = xml.replace(/></g, ">\n<");
  let depth = 0;
  return short.split("\n").map((part) => {
    if (/^<\//.test(part)) depth--;
    const shown = "  ".repeat(Math.max(0, depth)) + part;
    if (/^<[^?!/]/.test(part) && !/\/>$/.test(part) && !/<\//.test(part)) depth++;
    return shown;
  }).join("\n");
}

function drawSteps() {
  const list = document.querySelector(".steps");
  const newest = state.steps.at(-1)?.number;
  if (list.dataset.newest === String(newest)) return;
  list.dataset.newest = newest;
  const known = new Set([...list.children].map((one) => one.dataset.number));
  for (const step of state.steps) {
    if (known.has(String(step.number))) continue;
    const item = element("li");
    item.dataset.number = step.number;
    const details = element("details");
    const summary = element("summary");
    summary.append(element("b", "", step.what), element("span", "path", new URL(step.url).pathname),
      element("span", step.status >= 400 || !step.status ? "bad" : "", `${step.status || "no answer"} · ${step.took_ms} ms`));
    const form = Object.entries(step.form).map(([k, v]) => `${k}=${v}`).join("\n");
    details.append(summary, element("pre", "", `POST ${step.url}\nX-Twilio-Signature: ${step.signature}\n\n${form}`),
      element("pre", "", pretty(step.answer) || "(empty)"));
    item.append(details);
    list.prepend(item);
  }
  while (list.children.length > 200) list.lastChild.remove();
}

function drawSettings() {
  for (const phone of phones) {
    phone.querySelector(".number").textContent = numberOf(phone);
    const habit = phone.querySelector(".habit select");
    if (document.activeElement !== habit) habit.value = state.habits[numberOf(phone)] || "normal";
  }
  const form = document.querySelector(".settings");
  if (form.dataset.number !== state.patient.number) {
    form.dataset.number = state.patient.number;
    form.country.value = state.patient.country;
    form.language.value = state.patient.language;
    form.number.value = "";
  }
  for (const button of document.querySelectorAll(".scene")) button.classList.toggle("on", button.dataset.scene === state.scene);
}

function draw() {
  drawSettings();
  for (const phone of phones) { drawTexts(phone); drawCall(phone); }
  drawSteps();
}

let polling = false;
async function poll() {
  if (polling) return;
  polling = true;
  try {
    const answer = await fetch(`/simulator/state?since=${state ? state.version : -1}`);
    if (answer.status === 200) { state = await answer.json(); draw(); }
  } catch { /* the hotline is restarting: the next poll tells */ }
  polling = false;
}

function dictation(phone) {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const button = phone.querySelector(".dictate");
  if (!Recognition) return;
  button.hidden = false;
  button.onclick = () => {
    const ear = new Recognition();
    ear.lang = state.patient.language;
    ear.onresult = (event) => post(`/simulator/call/${callOf(phone).sid}/say`, { words: event.results[0][0].transcript });
    ear.start();
  };
}

function wire(phone) {
  const compose = phone.querySelector(".compose");
  compose.onsubmit = (event) => {
    event.preventDefault();
    const body = compose.body.value;
    if (!body.trim()) return;
    compose.body.value = "";
    compose.querySelector(".size").textContent = "";
    post("/simulator/text", { from: numberOf(phone), body });
  };
  compose.body.oninput = () => {
    const body = compose.body.value;
    const gsm = GSM.test(body);
    const units = gsm ? [...body].reduce((n, c) => n + (/[\f^{}\\[~\]|€]/.test(c) ? 2 : 1), 0) : body.length;
    const [alone, joined] = gsm ? [160, 153] : [70, 67];
    const many = units <= alone ? Math.min(units, 1) : Math.ceil(units / joined);
    compose.querySelector(".size").textContent = body ? `${units} · ${many}` : "";
  };
  phone.querySelector(".dial").onclick = () => post("/simulator/call", { from: numberOf(phone) });
  phone.querySelector(".habit select").onchange = (event) =>
    post("/simulator/habit", { number: numberOf(phone), habit: event.target.value });
  for (const key of phone.querySelectorAll("[data-key]"))
    key.onclick = () => post(`/simulator/call/${callOf(phone).sid}/press`, { digits: key.dataset.key });
  const speech = phone.querySelector(".speech");
  speech.onsubmit = (event) => {
    event.preventDefault();
    post(`/simulator/call/${callOf(phone).sid}/say`, { words: speech.words.value });
    speech.words.value = "";
  };
  phone.querySelector(".answer").onclick = () => post(`/simulator/call/${callOf(phone).sid}/answer`);
  phone.querySelector(".hangup").onclick = () => {
    const call = callOf(phone);
    if (call.over) { phone.dataset.closed = call.sid; draw(); } else post(`/simulator/call/${call.sid}/hangup`);
  };
  dictation(phone);
}

phones.forEach(wire);
const settings = document.querySelector(".settings");
settings.onsubmit = (event) => {
  event.preventDefault();
  post("/simulator/phone", { country: settings.country.value, language: settings.language.value, number: settings.number.value.trim() });
};
for (const button of document.querySelectorAll(".scene")) button.onclick = () => post(`/simulator/scene/${button.dataset.scene}`);
poll();
setInterval(poll, 400);
