/** The title of what is shown, for the browser's tab; a screen sets it when it knows what it shows. */
class Title {
  text = $state("");
}
export const title = new Title();
