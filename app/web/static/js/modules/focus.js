// A page that is shown again with errors begins at their summary.
export default function focus(element) {
  element.focus();
}
