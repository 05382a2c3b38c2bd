import { Column, CreateDateColumn, DataSource, Entity, Index, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { startDatabase } from './cluster.js';
import { serve } from './serve.js';

@Entity()
class ChatRoom {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text', nullable: true })
  lastMessage: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  lastMessageAt: Date | null;
}

@Entity()
@Index(['room', 'createdAt'])
class ChatMessage {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @ManyToOne(() => ChatRoom, { nullable: false })
  room: Relation<ChatRoom>;

  @Column('uuid')
  clientMessageId: string;

  @Column('text')
  body: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}

/** What most servers on TypeORM do with a message, written as its documentation would have it. */
const dataSource = new DataSource({
  type: 'postgres',
  url: await startDatabase(),
  entities: [ChatRoom, ChatMessage],
  synchronize: true,
  poolSize: 10,
});
await dataSource.initialize();
const rooms = dataSource.getRepository(ChatRoom);
const messages = dataSource.getRepository(ChatMessage);

serve({
  open: async () => (await rooms.save(rooms.create({}))).id,
  send: async (socket, { roomId, clientMessageId, body }) => {
    const room = await rooms.findOneByOrFail({ id: roomId });
    const { id, createdAt } = await messages.save(messages.create({ room, clientMessageId, body }));
    await rooms.update(room.id, { lastMessage: body, lastMessageAt: createdAt });
    const message = { id, roomId, clientMessageId, body, createdAt };
    socket.to(roomId).emit('message.created', message);
    return message;
  },
});
