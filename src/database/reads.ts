import type { Socket } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { DataSource, type EntityMetadata, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { poolOf } from './data-source.js';
import { BY_KEY } from './planning.js';
import { preparedRows, type Statement } from './prepared.js';

type Row = readonly unknown[];

/** Fields to read beside the primary key; all that a repository would read when not given. */
type Fields<Entity> = readonly (keyof Entity & string)[];

type Related<Property> = NonNullable<Property> extends readonly (infer One)[] ? One : NonNullable<Property>;

/** Relations to read along, and what of each; of those to many only what JSON has a type for. */
type Relations<Entity> = { readonly [Name in keyof Entity & string]?: Fields<Related<Entity[Name]>> | 'all' };

/** What is read of an entity. */
interface Selection<Entity> {
  fields?: Fields<Entity>;
  relations?: Relations<Entity>;
}

/** Columns of a result, and what is taken from them; `join` brings their table in. */
interface Part {
  columns: string[];
  join?: string;
  take: (row: Row, from: number) => unknown;
}

interface Asked {
  statement: Statement;
  done: (rows: unknown[]) => void;
  fail: (error: unknown) => void;
}

/** What is wanted of an entity, its primary key first. */
const wantedOf = ({ columns }: EntityMetadata, fields: readonly string[] | 'all'): ColumnMetadata[] =>
  columns
    .filter(({ isSelect, isPrimary, propertyName }) => (fields === 'all' ? isSelect : isPrimary || fields.includes(propertyName)))
    .sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary));

/** Columns of a result that make an entity. */
const partOf = (metadata: EntityMetadata, alias: string, fields: readonly string[] | 'all'): Part => {
  const wanted = wantedOf(metadata, fields);
  return {
    columns: wanted.map(({ databaseName }) => `"${alias}"."${databaseName}"`),
    take: (row, from) => {
      // The key of a row that a join did not find.
      if (row[from] === null) return null;
      const entity: Record<string, unknown> = {};
      wanted.forEach(({ propertyName }, index) => (entity[propertyName] = row[from + index]));
      return entity;
    },
  };
};

const toOne = (
  { inverseEntityMetadata: other, joinColumns: [column], propertyName }: RelationMetadata,
  fields: readonly string[] | 'all',
): Part => ({
  ...partOf(other, propertyName, fields),
  join: `LEFT JOIN "${other.tableName}" "${propertyName}" ON "${propertyName}"."${column?.referencedColumn?.databaseName}" = "own"."${column?.databaseName}"`,
});

/** In the order of their keys. */
const toMany = ({ inverseEntityMetadata: other, inverseRelation }: RelationMetadata, fields: readonly string[] | 'all'): Part => {
  const [column] = inverseRelation?.joinColumns ?? [];
  const members = wantedOf(other, fields).map(({ propertyName, databaseName }) => `'${propertyName}', o."${databaseName}"`);
  const order = other.primaryColumns.map(({ databaseName }) => `o."${databaseName}"`);
  const all = `coalesce(json_agg(json_build_object(${members.join(', ')}) ORDER BY ${order.join(', ')}), '[]')`;
  const where = `o."${column?.databaseName}" = "own"."${column?.referencedColumn?.databaseName}"`;
  return { columns: [`(SELECT ${all} FROM "${other.tableName}" o WHERE ${where})`], take: (row, from) => row[from] };
};

/**
 * Reads by key, for what every connection, every join and every telling asks. The statements are prepared once on a
 * connection of their own, and those of one turn of the event loop are sent together and answered one after the other:
 * each alone costs less than the system calls around it.
 */
@Injectable()
export class Reads implements OnApplicationShutdown {
  private readonly pool: Pool;
  private asked: Asked[] = [];

  constructor(private readonly dataSource: DataSource) {
    const { options } = poolOf(dataSource);
    this.pool = new Pool({
      ...options,
      // Not copied with the others, so that it is not logged with them.
      password: options.password,
      max: 1,
      idleTimeoutMillis: 0,
      pipeline: true,
      onConnect: (client): unknown => {
        options.onConnect?.(client);
        return client.query(BY_KEY);
      },
    });
    this.pool.on('error', () => undefined);
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }

  /** The rows of a statement that reads by key. @throws Error of the driver. */
  rows<Found>(statement: Statement): Promise<Found[]> {
    return new Promise((done, fail) => {
      this.asked.push({ statement, done: done as Asked['done'], fail });
      if (this.asked.length === 1) process.nextTick(() => void this.send());
    });
  }

  /** Finds entities by a key, as `find` of a repository does. `Found` is what the selection leaves of the entity. */
  by<Entity extends ObjectLiteral, Found = Entity>(
    target: EntityTarget<Entity>,
    key: keyof Entity & string,
    selection: Selection<Entity> = {},
  ): (keys: string[]) => Promise<Found[]> {
    const metadata = this.dataSource.getMetadata(target);
    const { tableName } = metadata;
    const column = metadata.findColumnWithPropertyName(key)?.databaseName;
    return this.from(target, {
      name: [tableName, 'by', key, ...(selection.fields ?? []), ...Object.keys(selection.relations ?? {})].join(' '),
      from: `(SELECT * FROM "${tableName}" WHERE "${column}" = ANY ($1::uuid[])) "own"`,
      ...selection,
    });
  }

  /** Reads entities, with relations, without building classes. `from` is what is read from, where the entity's rows are "own". */
  from<Entity extends ObjectLiteral, Found = Entity>(
    target: EntityTarget<Entity>,
    { name, from, fields, relations = {} }: Selection<Entity> & { name: string; from: string },
  ): (...values: unknown[]) => Promise<Found[]> {
    const metadata = this.dataSource.getMetadata(target);
    const own = partOf(metadata, 'own', fields ?? 'all');
    const related = metadata.relations
      .filter(({ propertyName }) => relations[propertyName] !== undefined)
      .map((relation) => {
        const wanted = relations[relation.propertyName] as string[] | 'all';
        return { property: relation.propertyName, ...(relation.isOneToMany ? toMany : toOne)(relation, wanted) };
      });
    const columns = [own, ...related].flatMap((part) => part.columns);
    const text = `SELECT ${columns.join(', ')} FROM ${from} ${related.map(({ join = '' }) => join).join(' ')}`;
    return async (...values) => {
      const rows = await this.rows<Row>({ name, text, values, rowMode: 'array' });
      return rows.map((row) => {
        const entity = own.take(row, 0) as Record<string, unknown>;
        let at = own.columns.length;
        for (const { property, columns, take } of related) {
          entity[property] = take(row, at);
          at += columns.length;
        }
        return entity as Found;
      });
    };
  }

  private async send(): Promise<void> {
    const { asked } = this;
    this.asked = [];
    let client: PoolClient;
    try {
      client = await this.pool.connect();
    } catch (error) {
      for (const { fail } of asked) fail(error);
      return;
    }
    let isSound = true;
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    // Out in one system call; the driver alone takes one for each.
    stream.cork();
    const answers = asked.map(({ statement, done, fail }) =>
      preparedRows<unknown>(client, statement).then(done, (error: unknown) => {
        isSound = false;
        fail(error);
      }),
    );
    stream.uncork();
    await Promise.all(answers);
    // A connection that answered with an error may be on its way out.
    client.release(!isSound);
  }
}
