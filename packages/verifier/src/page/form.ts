/** Fields of forms. What is typed is kept in the view's own memory, so that drawing again loses nothing. */
import { type Attributes, element } from './element.ts';

/** What was typed, by the field's name. */
export type Typed = Map<string, string>;

/** One field. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  /** What it is good for, below the label. */
  readonly remark?: string;
  readonly attributes?: Attributes;
}

/** A field of one line. */
export function field(typed: Typed, { name, label, remark, attributes = {} }: FieldSpec): HTMLElement {
  const id = `field-${name}`;
  const described = remark === undefined ? {} : { 'aria-describedby': `${id}-remark` };
  const input = element('input', { id, name, type: 'text', autocomplete: 'off', ...described, ...attributes });
  input.value = typed.get(name) ?? '';
  input.addEventListener('input', () => typed.set(name, input.value));
  return element(
    'div',
    { class: 'field' },
    element('label', { for: id }, label),
    remark === undefined ? undefined : element('p', { class: 'remark', id: `${id}-remark` }, remark),
    input,
  );
}

/** One answer of a choice. */
export interface AnswerSpec {
  readonly value: string;
  readonly label: string;
  readonly remark?: string;
  readonly disabled?: boolean;
}

/** One of several answers. */
export function choice(
  typed: Typed,
  { name, label }: FieldSpec,
  answers: readonly AnswerSpec[],
  chosen: () => void = () => undefined,
): HTMLElement {
  const options = answers.map(({ value, label: text, remark, disabled }) => {
    const id = `field-${name}-${value}`;
    const input = element('input', { type: 'radio', id, name, value, disabled });
    input.checked = typed.get(name) === value;
    input.addEventListener('change', () => {
      typed.set(name, value);
      chosen();
    });
    return element(
      'label',
      { class: disabled === true ? 'option off' : 'option', for: id },
      input,
      element('span', {}, text, remark === undefined ? undefined : element('small', {}, remark)),
    );
  });
  return element('fieldset', { class: 'choice' }, element('legend', {}, label), ...options);
}

/** Fields that belong together. */
export function group(title: string, ...content: readonly Node[]): HTMLElement {
  return element('fieldset', { class: 'group' }, element('legend', {}, title), ...content);
}

/** A form that never goes anywhere: pressing Enter or the button calls `submit`. */
export function form(submit: () => void, ...content: readonly Node[]): HTMLFormElement {
  const made = element('form', { novalidate: false, autocomplete: 'off' }, ...content);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  return made;
}

/** The button that submits a form; while work is under way it says so and can't be pressed again. */
export function submitButton(text: string, busy: string | undefined): HTMLElement {
  return element(
    'p',
    { class: 'actions' },
    element(
      'button',
      { type: 'submit', id: 'submit', class: 'primary', 'aria-disabled': busy === undefined ? undefined : 'true' },
      busy ?? text,
    ),
  );
}

/** Something that the person says by a tick. */
export function consent(typed: Typed, { name, label }: FieldSpec): HTMLElement {
  const id = `field-${name}`;
  const input = element('input', { type: 'checkbox', id, name });
  input.checked = typed.get(name) === 'yes';
  input.addEventListener('change', () => typed.set(name, input.checked ? 'yes' : 'no'));
  return element('label', { class: 'option consent', for: id }, input, element('span', {}, label));
}
