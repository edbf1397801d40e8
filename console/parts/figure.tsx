interface Props {
  readonly text: string;
  readonly tag?: 'b' | 'span';
  readonly tone?: string;
}

/**
 * A number that is aligned to its end. One of another length is another element: the same element would begin
 * elsewhere, which a browser counts as a shift of the layout.
 */
export function Figure({ text, tag: Tag = 'b', tone = '' }: Props) {
  return (
    <Tag key={text.length} class={tone}>
      {text}
    </Tag>
  );
}
