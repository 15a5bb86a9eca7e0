namespace Xentree.Tests.Search;

/// <summary>What tests of search do.</summary>
internal static class SearchSteps
{
    extension(ApiClient client)
    {
        /// <summary>Writes a note; its id.</summary>
        public async Task<string> NoteAsync(string title, string content = "") =>
            (await client.PostAsync("/api/core/notes", new { title, content })).ShouldBe(201)["id"].GetString()!;

        /// <summary>Opens a conversation; its id.</summary>
        public async Task<string> ConversationAsync(string? title = null) =>
            (await client.PostAsync("/api/core/conversations", new { title })).ShouldBe(201)["id"].GetString()!;

        /// <summary>Says something in a conversation; the id of the answer.</summary>
        public async Task<string> SayAsync(string conversation, string message) =>
            (await client.PostAsync("/api/core/chat", new { message, conversation_id = conversation })).ShouldBe(200)["message_id"].GetString()!;

        /// <summary>Speaks another language from now on.</summary>
        public async Task SpeakAsync(string language) => (await client.PatchAsync("/api/auth/me", new { language })).ShouldBe(200);

        public async Task<Answer> SearchAsync(string query, string more = "") =>
            (await client.GetAsync($"/api/core/search?q={Uri.EscapeDataString(query)}{more}")).ShouldBe(200);

        /// <summary>The titles of what is found.</summary>
        public async Task<IReadOnlyList<string?>> FindAsync(string query, string more = "") => (await client.SearchAsync(query, more)).Each("title");
    }
}
