/* How long ago a time is, when the page is read: the page itself is written once. */
function age(ms) {
  const minutes = Math.floor(ms / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const [n, unit] = days >= 2 ? [days, "day"] : hours >= 2 ? [hours, "hour"] : [minutes, "minute"];
  return n < 1 ? "just now" : `${n} ${unit}${n === 1 ? "" : "s"} ago`;
}
document.querySelectorAll("time[datetime]").forEach((time) => {
  const passed = Date.now() - new Date(time.dateTime).getTime();
  if (!(passed >= 0)) return; // another clock, or no time
  time.after(el("span", { class: "age" }, ` (${age(passed)})`));
});
