// The theme: what the system says, until a person says otherwise. Without imports, so that it can also run as a plain script in <head>, before the first paint.
{
  const KEY = "corsac-theme";
  const root = document.documentElement;
  try {
    const stored = localStorage.getItem(KEY);
    if (stored === "light" || stored === "dark") root.dataset.theme = stored;
  } catch { /* storage is off: the system decides */ }

  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";

  const start = () => {
    const button = document.querySelector("[data-theme-button]");
    const word = button?.querySelector("span:last-child");
    if (!word) return;
    const label = () => { word.textContent = isDark() ? "Light" : "Dark"; };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem(KEY, root.dataset.theme); } catch { /* lasts until the next page */ }
      label();
    });
    system.addEventListener("change", label);
    label();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
