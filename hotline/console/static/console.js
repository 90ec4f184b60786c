"use strict";
// The console's own script: live parts, clocks, sound, the segment counter. Works from 'self' only.

const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
const POLL_MS = 2000;

// ---------------------------------------------------------------- times
function ago(then) {
  const seconds = Math.max(0, Math.round((Date.now() - then) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${Math.floor(hours / 24)} days`;
}

function showTimes(root) {
  for (const one of root.querySelectorAll("time[data-moment]")) {
    const at = new Date(one.dateTime);
    const today = at.toDateString() === new Date().toDateString();
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    one.textContent = today
      ? at.toLocaleTimeString([], clock)
      : at.toLocaleString([], { day: "numeric", month: "short", ...clock });
    one.title = at.toLocaleString();
  }
  tick(root);
}

function tick(root) {
  for (const one of root.querySelectorAll("time[data-since]")) {
    one.textContent = ago(new Date(one.dateTime).getTime());
    one.title = new Date(one.dateTime).toLocaleString();
  }
}

// ---------------------------------------------------------------- sound
let audio = null;

function soundOn() {
  audio ??= new AudioContext();
  return audio.resume();
}

function beep() {
  if (!audio || audio.state !== "running") return;
  for (let i = 0; i < 3; i += 1) {
    const at = audio.currentTime + i * 0.35;
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = i % 2 ? 660 : 880;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.25, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  }
  document.body.dataset.beeps = String(Number(document.body.dataset.beeps ?? 0) + 1);
}

function setUpSound() {
  const button = document.getElementById("sound");
  if (!button) return;
  button.hidden = false;
  const show = () => {
    const on = audio?.state === "running";
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Sound is on" : "Sound is off: turn it on";
  };
  button.addEventListener("click", async () => {
    if (audio?.state === "running") await audio.suspend();
    else { await soundOn(); beep(); }
    localStorage.setItem("sound", audio.state === "running" ? "on" : "off");
    show();
  });
  if (localStorage.getItem("sound") === "on") {
    soundOn().then(show);
    // A browser may wait for the first key or click before it lets a page sound.
    const wake = () => soundOn().then(show);
    window.addEventListener("pointerdown", wake, { once: true });
    window.addEventListener("keydown", wake, { once: true });
  }
  show();
}

// ---------------------------------------------------------------- live parts
const plainTitle = document.title;

function alarms(root) {
  return new Map(
    [...root.querySelectorAll("[data-alarm][data-open], [data-alarm][data-more]")].map((row) => [row.dataset.alarm, row]),
  );
}

function tellNews(root, known) {
  const open = alarms(root);
  const fresh = [...open].filter(([id]) => !known.has(id));
  const grave = fresh.filter(([, row]) => ["emergency", "urgent"].includes(row.dataset.level));
  for (const [, row] of fresh) row.classList.add("alarm-new");
  if (grave.length) {
    beep();
    const row = grave[0][1];
    const name = row.querySelector("th")?.innerText.split("\n")[0] ?? "";
    document.getElementById("news").textContent = `New ${row.dataset.level}: ${name}`;
  }
  const waiting = [...open.values()].filter((row) => row.hasAttribute("data-open"));
  const emergencies = waiting.filter((row) => row.dataset.level === "emergency").length;
  const urgent = emergencies ? `(${emergencies}) EMERGENCY` : waiting.length ? `(${waiting.length}) waiting` : "";
  document.title = urgent ? `${urgent} - ${plainTitle}` : plainTitle;
  return new Set([...known, ...open.keys()]);
}

function setUpLive(part) {
  let tag = part.dataset.tag;
  let failures = 0;
  let known = new Set(alarms(part).keys());
  const bar = document.getElementById("live-bar");
  const state = document.getElementById("live-state");
  const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };
  if (part.id === "live") known = tellNews(part, known);
  changedHands(part);

  async function poll() {
    const headers = { "X-Live": "1" };
    if (tag) headers["If-None-Match"] = `"${tag}"`;
    try {
      const answer = await fetch(part.dataset.live, { headers, cache: "no-store" });
      if (answer.status === 401) { window.location.reload(); return; }
      if (answer.status === 200) {
        const html = await answer.text();
        const focused = part.contains(document.activeElement) ? document.activeElement : null;
        const again = focused && (focused.value || focused.getAttribute("href"));
        part.innerHTML = html;
        tag = answer.headers.get("ETag")?.replaceAll('"', "");
        showTimes(part);
        if (part.id === "live") known = tellNews(part, known);
        if (changedHands(part)) return;
        if (again) refocus(part, focused.tagName, again);
        part.dispatchEvent(new CustomEvent("fresh"));
      } else if (answer.status !== 304) throw new Error(String(answer.status));
      failures = 0;
      bar?.classList.remove("late");
      say("Live");
    } catch {
      failures += 1;
      bar?.classList.add("late");
      say(`NOT LIVE: no answer for ${failures * 2} s. Do not rely on this page.`);
    }
    setTimeout(poll, POLL_MS);
  }
  setTimeout(poll, POLL_MS);
}

// Who has her decides which forms the page has: load it anew, unless something is being written.
function changedHands(part) {
  const now = part.querySelector("[data-state]")?.dataset.state;
  if (now === undefined) return false;
  part.dataset.was ??= now;
  if (part.dataset.was === now) return false;
  part.dataset.was = now;
  if ([...document.querySelectorAll("textarea")].some((one) => one.value.trim())) return false;
  window.location.reload();
  return true;
}

function refocus(part, tag, again) {
  for (const one of part.querySelectorAll(tag)) {
    if (one.value === again || one.getAttribute("href") === again) { one.focus(); return; }
  }
}

// ---------------------------------------------------------------- writing to her
function setUpReply(form) {
  const body = form.querySelector("textarea");
  const count = form.querySelector("[data-count]");
  const sayings = form.querySelector("select[data-sayings]");
  let timer = 0;
  async function measure() {
    const answer = await fetch(count.dataset.count, {
      method: "POST",
      headers: { "X-CSRFToken": csrf, "X-Live": "1", "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ body: body.value }),
    });
    if (answer.ok) count.textContent = await answer.text();
  }
  const soon = () => { clearTimeout(timer); timer = setTimeout(measure, 200); };
  body.addEventListener("input", soon);
  sayings?.addEventListener("change", () => {
    if (!sayings.value) return;
    body.value = body.value.trim() ? `${body.value.trim()} ${sayings.value}` : sayings.value;
    sayings.value = "";
    body.focus();
    soon();
  });
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
  });
  if (body.value) soon();
}

// ---------------------------------------------------------------- start
showTimes(document);
setInterval(() => tick(document), 1000);
setUpSound();
for (const part of document.querySelectorAll("[data-live]")) setUpLive(part);
for (const form of document.querySelectorAll("form[data-reply]")) setUpReply(form);
for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.ask)) event.preventDefault();
  });
}
for (const talk of document.querySelectorAll(".talk")) {
  const down = () => { const list = document.querySelector(".talk"); if (list) list.scrollTop = list.scrollHeight; };
  down();
  talk.closest("[data-live]")?.addEventListener("fresh", down);
}
for (const picture of document.querySelectorAll(".figure.broad")) {
  const newest = () => { picture.parentElement.scrollLeft = picture.scrollWidth; };
  if (picture.complete) newest(); else picture.addEventListener("load", newest);
}
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
    button.textContent = "Copied";
  });
}
