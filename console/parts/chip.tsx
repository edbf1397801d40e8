/** One or two words in a box of a fixed width. Other words are another element: text that is centred would move. */
export function Chip({ tone, words }: { readonly tone: string; readonly words: string }) {
  return (
    <span key={words} class={`chip ${tone}`}>
      {words}
    </span>
  );
}
