import type { Pool } from 'pg';
import type { DataSource, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';

/** The connections of a data source, for the few statements that are too hot for an ORM. */
export const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

type Row = Record<string, unknown>;

const columnsOf = (metadata: EntityMetadata, alias: string): string[] =>
  metadata.columns
    .filter(({ isSelect }) => isSelect)
    .map(({ databaseName }) => `"${alias}"."${databaseName}" AS "${alias}.${databaseName}"`);

const makerOf = (metadata: EntityMetadata, alias: string): ((row: Row) => Row | null) => {
  const columns = metadata.columns
    .filter(({ isSelect }) => isSelect)
    .map(({ databaseName, propertyName }) => [`${alias}.${databaseName}`, propertyName] as const);
  const [key] = metadata.primaryColumns.map(({ databaseName }) => `${alias}.${databaseName}`);
  return (row) => {
    if (row[key as string] === null) return null;
    const entity: Row = {};
    for (const [column, property] of columns) entity[property] = row[column];
    return entity;
  };
};

/** Reads entities, with to-one relations, from the rows of a table or subquery that a statement calls "own". */
const preparedRead = <Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  relations: string[],
  { name, from, where = 'true' }: { name: string; from: (table: string) => string; where?: string },
): ((...values: unknown[]) => Promise<Entity[]>) => {
  const metadata = dataSource.getMetadata(target);
  const joined = metadata.relations.filter(({ propertyName }) => relations.includes(propertyName));
  const joins = joined.map(({ inverseEntityMetadata: other, joinColumns, propertyName }) => {
    const [{ databaseName, referencedColumn } = {}] = joinColumns;
    return `LEFT JOIN "${other.tableName}" "${propertyName}" ON "${propertyName}"."${referencedColumn?.databaseName}" = "own"."${databaseName}"`;
  });
  const columns = [
    ...columnsOf(metadata, 'own'),
    ...joined.flatMap(({ inverseEntityMetadata, propertyName }) => columnsOf(inverseEntityMetadata, propertyName)),
  ];
  const text = `SELECT ${columns.join(', ')} FROM ${from(metadata.tableName)} ${joins.join(' ')} WHERE ${where}`;
  const makeOwn = makerOf(metadata, 'own');
  const makeJoined = joined.map(
    ({ inverseEntityMetadata, propertyName }) => [propertyName, makerOf(inverseEntityMetadata, propertyName)] as const,
  );
  return async (...values) => {
    const { rows } = await poolOf(dataSource).query<Row>({ name, text, values });
    return rows.map((row) => {
      const entity = makeOwn(row) as Row;
      for (const [property, make] of makeJoined) entity[property] = make(row);
      return entity as Entity;
    });
  };
};

/**
 * Finds entities by a key, with their to-one relations, as `find` of a repository does; but through one prepared statement
 * that PostgreSQL plans once, and without building classes. For what every connection, every join and every telling asks.
 */
export const preparedFind = <Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  key: keyof Entity & string,
  relations: (keyof Entity & string)[] = [],
): ((keys: string[]) => Promise<Entity[]>) => {
  const { tableName, columns } = dataSource.getMetadata(target);
  const column = columns.find(({ propertyName }) => propertyName === key)?.databaseName;
  return preparedRead(dataSource, target, relations, {
    name: `${tableName} by ${key} ${relations.join(' ')}`,
    from: (table) => `"${table}" "own"`,
    where: `"own"."${column}" = ANY ($1::uuid[])`,
  });
};

/** The same for one row of each partition: `conditions` may name the arrays that are given, as columns of "asked". */
export const preparedFindEach = <Entity extends ObjectLiteral>(
  dataSource: DataSource,
  target: EntityTarget<Entity>,
  asked: Record<string, 'uuid' | 'integer'>,
  conditions: string,
): ((...arrays: unknown[][]) => Promise<Entity[]>) => {
  const arrays = Object.values(asked).map((type, index) => `$${index + 1}::${type}[]`);
  const names = Object.keys(asked).join(', ');
  return preparedRead(dataSource, target, [], {
    name: `${dataSource.getMetadata(target).tableName} where ${conditions}`.slice(0, 63),
    from: (table) =>
      `unnest(${arrays.join(', ')}) AS asked (${names}) CROSS JOIN LATERAL (SELECT * FROM "${table}" t WHERE ${conditions} LIMIT 1) "own"`,
  });
};
