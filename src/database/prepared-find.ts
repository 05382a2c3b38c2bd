import type { Pool } from 'pg';
import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';

/** The connections of a data source, for the few statements that are too hot for an ORM. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

type Row = Record<string, unknown>;

/** The columns of an entity under an alias, and what makes one of a row; null where a join found nothing. */
const selectionOf = (metadata: EntityMetadata, alias: string): { columns: string[]; make: (row: Row) => Row | null } => {
  const selected = metadata.columns.filter(({ isSelect }) => isSelect);
  const fields = selected.map(({ databaseName, propertyName }) => [`${alias}.${databaseName}`, propertyName] as const);
  const key = `${alias}.${metadata.primaryColumns[0]?.databaseName}`;
  return {
    columns: selected.map(({ databaseName }) => `"${alias}"."${databaseName}" AS "${alias}.${databaseName}"`),
    make: (row) => {
      if (row[key] === null) return null;
      const entity: Row = {};
      for (const [column, property] of fields) entity[property] = row[column];
      return entity;
    },
  };
};

/**
 * Reads entities, with to-one relations, through one prepared statement that PostgreSQL plans once, and without building
 * classes. `from` is what the statement reads from, where the entity's rows are "own"; `name` is the statement's alone.
 */
export const preparedRead = <Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  { name, from, relations = [] }: { name: string; from: string; relations?: (keyof Entity & string)[] },
): ((...values: unknown[]) => Promise<Entity[]>) => {
  const metadata = dataSource.getMetadata(target);
  const own = selectionOf(metadata, 'own');
  const joined = metadata.relations
    .filter(({ propertyName }) => relations.includes(propertyName))
    .map(({ inverseEntityMetadata: other, joinColumns, propertyName }) => {
      const [{ databaseName, referencedColumn } = {}] = joinColumns;
      const on = `"${propertyName}"."${referencedColumn?.databaseName}" = "own"."${databaseName}"`;
      return { propertyName, join: `LEFT JOIN "${other.tableName}" "${propertyName}" ON ${on}`, ...selectionOf(other, propertyName) };
    });
  const columns = [own, ...joined].flatMap((selection) => selection.columns);
  const text = `SELECT ${columns.join(', ')} FROM ${from} ${joined.map(({ join }) => join).join(' ')}`;
  return async (...values) => {
    const { rows } = await poolOf(dataSource).query<Row>({ name, text, values });
    return rows.map((row) => {
      const entity = own.make(row) as Row;
      for (const { propertyName, make } of joined) entity[propertyName] = make(row);
      return entity as Entity;
    });
  };
};

/** Finds entities by a key, as `find` of a repository does. For what every connection, every join and every telling asks. */
export const preparedFind = <Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  key: keyof Entity & string,
  relations: (keyof Entity & string)[] = [],
): ((keys: string[]) => Promise<Entity[]>) => {
  const metadata = dataSource.getMetadata(target);
  const column = metadata.findColumnWithPropertyName(key)?.databaseName;
  return preparedRead(dataSource, target, {
    name: `${metadata.tableName} by ${key} ${relations.join(' ')}`,
    from: `(SELECT * FROM "${metadata.tableName}" WHERE "${column}" = ANY ($1::uuid[])) "own"`,
    relations,
  });
};
