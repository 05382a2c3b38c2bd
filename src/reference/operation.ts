import type { Command } from '../access/permissions.js';
import type { AiText, AiUsageReport } from '../contract/assist.js';
import type { Rule, RuleFiringPage, RulePage, RuleTrial } from '../contract/automation.js';
import type { AuditEntryPage } from '../contract/audit.js';
import type { Business, IdentitySecret, OpeningHours, PublicBusiness } from '../contract/business.js';
import type { Article, ArticlePage } from '../contract/article.js';
import type { CannedReply, CannedReplyPage, RenderedReply } from '../contract/canned-reply.js';
import type { CustomerExport } from '../contract/customer-export.js';
import type { Draft } from '../contract/draft.js';
import type { ErrorCode } from '../contract/error-code.js';
import type { Alive, Health, ServerCard } from '../contract/health.js';
import type { BulkResult, SavedView, SavedViewPage, ViewCounts } from '../contract/inbox.js';
import type { Label, LabelPage } from '../contract/label.js';
import type { MentionPage } from '../contract/mention.js';
import type { Attachment, Catchup, History, Message, MessageVersionPage, WrittenEntry } from '../contract/message.js';
import type { Presence } from '../contract/presence.js';
import type { Attendances, Joined, MarkPosition, Room, RoomPage, UnreadTotals, Viewers } from '../contract/room.js';
import type { ReportOverview } from '../contract/report.js';
import type { RoutingDecisionPage } from '../contract/routing.js';
import type { MessageHitPage, SearchPage } from '../contract/search.js';
import type { RecoveryCodes, SecondFactorDraft } from '../contract/second-factor.js';
import type { Founded, PasswordSet, Registered, Renewed, ResumeLink, Session, SessionPage, SignedIn, Tokens } from '../contract/session.js';
import type { Empty } from '../contract/socket-events.js';
import type { Team, TeamPage } from '../contract/team.js';
import type { Transcript } from '../contract/transcript.js';
import type { AgentUser, AgentUserPage, CustomerUser, CustomerUserPage, Me, OnlineUsers } from '../contract/user.js';

/** The types that commands answer with, by the names that they have in the documents. */
interface Answers {
  Alive: Alive;
  Health: Health;
  ServerCard: ServerCard;
  PublicBusiness: PublicBusiness;
  Business: Business;
  IdentitySecret: IdentitySecret;
  Founded: Founded;
  Registered: Registered;
  SignedIn: SignedIn;
  Tokens: Tokens;
  Me: Me;
  SessionPage: SessionPage;
  Session: Session;
  PasswordSet: PasswordSet;
  ResumeLink: ResumeLink;
  OpeningHours: OpeningHours;
  SecondFactorDraft: SecondFactorDraft;
  RecoveryCodes: RecoveryCodes;
  Renewed: Renewed;
  AgentUserPage: AgentUserPage;
  AgentUser: AgentUser;
  CustomerUserPage: CustomerUserPage;
  CustomerUser: CustomerUser;
  CustomerExport: CustomerExport;
  AuditEntryPage: AuditEntryPage;
  TeamPage: TeamPage;
  Team: Team;
  LabelPage: LabelPage;
  Label: Label;
  SavedViewPage: SavedViewPage;
  SavedView: SavedView;
  ViewCounts: ViewCounts;
  BulkResult: BulkResult;
  Presence: Presence;
  OnlineUsers: OnlineUsers;
  Room: Room;
  RoomPage: RoomPage;
  Joined: Joined;
  Catchup: Catchup;
  UnreadTotals: UnreadTotals;
  Viewers: Viewers;
  Attendances: Attendances;
  RoutingDecisionPage: RoutingDecisionPage;
  ReportOverview: ReportOverview;
  AiUsageReport: AiUsageReport;
  AiText: AiText;
  Rule: Rule;
  RulePage: RulePage;
  RuleTrial: RuleTrial;
  RuleFiringPage: RuleFiringPage;
  WrittenEntry: WrittenEntry;
  Message: Message;
  Attachment: Attachment;
  History: History;
  MessageHitPage: MessageHitPage;
  SearchPage: SearchPage;
  MarkPosition: MarkPosition;
  Draft: Draft;
  MessageVersionPage: MessageVersionPage;
  MentionPage: MentionPage;
  Transcript: Transcript;
  CannedReply: CannedReply;
  CannedReplyPage: CannedReplyPage;
  RenderedReply: RenderedReply;
  Article: Article;
  ArticlePage: ArticlePage;
  Empty: Empty;
}

interface Told {
  summary: string;
  description: string;
  /** What may go wrong beside what every command may answer. */
  errors?: readonly ErrorCode[];
  /** What is sent; the ids of the path are put in by themselves. */
  request?: Record<string, unknown>;
  /** REST: what the 200 means where the command usually answers 201. */
  repeated?: string;
  /** REST: what else it answers with when it is asked to, by media type, each with an example. */
  otherwise?: Record<string, string>;
  /** REST: what the 206 means where a part may be asked for. */
  partial?: string;
}

type Answering = { [Name in keyof Answers]: { answer: Name; example: Answers[Name] } }[keyof Answers];

/** Answered without a body, or with what is no JSON of this API: a page, or files of these types. */
type Other = { answer: null } | { answer: { mediaType: string | readonly string[] }; example: unknown };

/** What the documents say of a command that the code cannot tell by itself. */
export type Operation = Told & (Answering | Other);

/** The commands of some modules, named by how their names begin. */
export type OperationsOf<Prefix extends string> = Record<Extract<Command, `${Prefix}.${string}`>, Operation>;
