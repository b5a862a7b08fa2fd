/**
 * Records described by tables: a table lists the fields of a record with the kind of each. The compiler infers the
 * record's type from the table, and the supervisor checks what a worker sends against it. Types only.
 */

/** The kinds of a field that has no parts. */
interface ValueOfKind {
  /** A whole number from 0. */
  count: number;
  /** A duration from 0, with fractions. */
  milliseconds: number;
  /** A byte: a status code, a cipher suite. */
  octet: number;
  /** A UDP port. */
  port: number;
  /** A name or an address. */
  shortText: string;
  /** A sentence for the log. */
  text: string;
  /** True, or absent: always within `optional`. */
  flag: true;
}

export type FieldKind = keyof ValueOfKind;

export type FieldRule =
  | FieldKind
  /** One of the names of a table. */
  | { readonly oneOf: readonly string[] }
  | { readonly optional: FieldRule }
  | { readonly nullable: FieldKind }
  | { readonly record: Fields }
  | { readonly listOf: Fields }
  /** Records of several kinds; each has its kind in the field `kind`. */
  | { readonly listOfKinds: Readonly<Record<string, Fields>> };

export type Fields = Readonly<Record<string, FieldRule>>;

/** The type of a record with these fields. */
export type RecordOf<Table> = Flat<
  {
    readonly [Name in keyof Table as Table[Name] extends Optional ? never : Name]: ValueOf<Table[Name]>;
  } & {
    readonly [Name in keyof Table as Table[Name] extends Optional ? Name : never]?: ValueOf<Table[Name]>;
  }
>;

/** The union of the records in a table by kind; the field `tag` of each holds its kind. */
export type KindsOf<Tag extends string, Table> = {
  readonly [Kind in keyof Table]: Flat<Readonly<Record<Tag, Kind>> & RecordOf<Table[Kind]>>;
}[keyof Table];

interface Optional {
  readonly optional: unknown;
}

type ValueOf<Rule> = Rule extends FieldKind
  ? ValueOfKind[Rule]
  : Rule extends { readonly oneOf: readonly (infer Name)[] }
    ? Name
    : Rule extends { readonly optional: infer Inner }
      ? ValueOf<Inner>
      : Rule extends { readonly nullable: infer Inner }
        ? ValueOf<Inner> | null
        : Rule extends { readonly record: infer Table }
          ? RecordOf<Table>
          : Rule extends { readonly listOf: infer Table }
            ? readonly RecordOf<Table>[]
            : Rule extends { readonly listOfKinds: infer Table }
              ? readonly KindsOf<'kind', Table>[]
              : never;

/** One object type instead of an intersection: errors and editors show its fields. */
type Flat<T> = { [Name in keyof T]: T[Name] };
