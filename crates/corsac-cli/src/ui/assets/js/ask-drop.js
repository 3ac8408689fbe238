// A file can be dropped anywhere on the page.

/**
 * Listens for a file, and shows the frame while one is over the page.
 * @param {HTMLElement} frame hidden unless a file is over the page
 * @param {(file: File) => void} onFile
 */
export function dropped(frame, onFile) {
  const holdsFile = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    frame.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    // Only what leaves the window has nowhere to go.
    if (event.relatedTarget === null) frame.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    frame.hidden = true;
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  });
}
