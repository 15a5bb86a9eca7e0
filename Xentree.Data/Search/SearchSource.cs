namespace Xentree.Data.Search;

/// <summary>
/// A table whose rows search finds. A further one joins by a line here, a foreign key with its column in <see cref="SearchEntry"/> and in
/// <see cref="Columns"/>, and a call of <see cref="SearchIndex"/> where its rows are written.
/// </summary>
/// <param name="Table">The table; its ids are made by the real clock.</param>
/// <param name="Type">What its rows belong to.</param>
/// <param name="Select">Reads what <see cref="Columns"/> names of the rows, which it calls <c>s</c>.</param>
public sealed record SearchSource(string Table, SearchType Type, string Select)
{
    /// <summary>The columns that a source fills, in this order.</summary>
    internal const string Columns = "id, item_id, user_id, organization_id, audience_id, conversation_id, note_id, live_transcript_id, document_id, title, content, created_at";

    /// <summary>Conversations, by their titles.</summary>
    public static SearchSource Conversations { get; } = new("conversations", SearchType.Conversation,
        "select s.id, s.id, s.user_id, s.organization_id, s.user_id, s.id, null::uuid, null::uuid, null::uuid, s.title, '', s.created_at from conversations s");

    /// <summary>Messages, by what was said.</summary>
    public static SearchSource Messages { get; } = new("messages", SearchType.Conversation,
        """
        select s.id, c.id, c.user_id, c.organization_id, c.user_id, c.id, null::uuid, null::uuid, null::uuid, null, s.content, s.created_at
        from messages s join conversations c on c.id = s.conversation_id
        """);

    /// <summary>Notes.</summary>
    public static SearchSource Notes { get; } = new("notes", SearchType.Note,
        "select s.id, s.id, s.user_id, s.organization_id, s.user_id, null::uuid, s.id, null::uuid, null::uuid, s.title, s.content, s.created_at from notes s");

    /// <summary>Turns of live sessions: what is found is the transcript.</summary>
    public static SearchSource LiveTurns { get; } = new("live_turns", SearchType.Transcript,
        """
        select s.id, t.id, t.user_id, t.organization_id, t.user_id, null::uuid, null::uuid, t.id, null::uuid, null, s.text, s.timestamp
        from live_turns s join live_transcripts t on t.id = s.transcript_id
        """);

    /// <summary>Passages of documents; those of one that is shared with an organization, its members find.</summary>
    public static SearchSource Passages { get; } = new("document_chunks", SearchType.Document,
        """
        select s.id, d.id, d.user_id, d.organization_id, coalesce(d.organization_id, d.user_id), null::uuid, null::uuid, null::uuid, d.id, d.title, s.content, d.created_at
        from document_chunks s join documents d on d.id = s.document_id
        """);

    /// <summary>Every source, in the order in which a rebuild goes through them.</summary>
    public static IReadOnlyList<SearchSource> All { get; } = [Notes, Conversations, Messages, LiveTurns, Passages];
}
