using Microsoft.AspNetCore.Mvc;
using Xentree.Ai;
using Xentree.Api.Auth;
using Xentree.Api.Http.Export;
using Xentree.Api.Http.Idempotency;
using Xentree.Api.Http.RateLimits;
using Xentree.Api.Retrieval;
using Xentree.Data.Knowledge;

namespace Xentree.Api.Features.Knowledge;

internal static class KnowledgeEndpoints
{
    private const string Read = "rag:read";
    private const string Write = "rag:write";

    private static readonly TimeSpan UploadTimeout = TimeSpan.FromMinutes(10);

    public static void AddKnowledgeBase(this IServiceCollection services)
    {
        services.AddOptions<KnowledgeOptions>().BindConfiguration(KnowledgeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddEmbeddings();
        services.AddScoped<DocumentReader>();
        services.AddScoped<UploadDocument>();
        services.AddScoped<DocumentAnswer>();
        services.AddExportPart("documents", DocumentExport.Of, row => row.Id);
        services.AddExportPart("document_chunks", DocumentChunkExport.Of, row => row.Id);
    }

    public static void MapKnowledgeBase(this WebApplication app)
    {
        var knowledge = app.MapGroup("/api/knowledge").WithTags("Knowledge Base");

        knowledge.MapPost("/search", SearchKnowledge.HandleAsync)
            .RequireScope(Read)
            .WithName("searchKnowledge")
            .WithSummary("Search the knowledge base")
            .WithDescription(
                """
                Finds passages of the documents that you may see: by their words and by their meaning, and fuses what both find. A document is
                found once it is `ready`. Ids of documents that you may not see find nothing.
                """);

        app.MapPost("/api/rag/query", QueryDocuments.HandleAsync)
            .WithTags("Knowledge Base")
            .Produces<RagQueryResponse>(StatusCodes.Status200OK, "application/json", EventStreams.MediaType)
            .RequireScope(Read)
            .LimitedBy(RateLimitPolicy.Chat)
            // A good answer may take longer than a request usually may; the providers' own limits bound it.
            .DisableRequestTimeout()
            .WithName("queryDocuments")
            .WithSummary("Answer a question from your documents")
            .WithDescription(
                """
                Answers out of passages of the documents that you may see, and out of nothing else. Each statement of the answer has a citation whose
                quote stands in the passage word for word, which is checked; what a model says beyond that is left out. Where the documents do not
                answer the question, the answer says so and `citations` is empty.

                With `Accept: text/event-stream` the answer comes as server-sent events: `delta` (`{"content": …}`) for each statement, then `done` with
                the whole response. Nothing is sent before it is checked. The provider `local` answers with sentences of the passages themselves.
                """)
            .Fails("ai_quota_exceeded", "provider_failed", "provider_unavailable");

        knowledge.MapGet("/documents", ListDocuments.HandleAsync)
            .RequireScope(Read)
            .WithName("listDocuments")
            .WithSummary("List documents")
            .WithDescription("Your documents and those that are shared with an organization of yours, the newest first. An API key lists those of its organization.");

        knowledge.MapPost("/documents", UploadDocument.HandleAsync)
            .RequireScope(Write)
            .AcceptsIdempotencyKey()
            .DisableAntiforgery()
            .Accepts<DocumentUploadRequest>("multipart/form-data")
            .WithMetadata(new RequestSizeLimitAttribute(UploadDocument.MaxBodyBytes))
            .WithRequestTimeout(UploadTimeout)
            .WithName("uploadDocument")
            .WithSummary("Upload a document")
            .WithDescription(
                """
                Takes a text, Markdown, HTML, PDF or docx file of up to 20 MB; its content decides which it is, and its name only tells Markdown
                from plain text. The answer comes at once, the file is read in the background: ask for the document until its status is `ready`,
                or `failed` with the reason in `failure`.

                With `organization_id` the document is shared with the members of that organization; with an API key it is shared with the
                key's. Sending a file that you sent before, shared with the same, answers the document that there is, and reads it again where
                that failed.
                """)
            .Fails("not_found", "too_large", "unsupported_media_type", "dependency_unavailable");

        knowledge.MapGet("/documents/{documentId:uuid}", GetDocument.HandleAsync)
            .RequireScope(Read)
            .WithName("getDocument")
            .WithSummary("Get a document")
            .WithDescription("A document that you may see, and how far it is.")
            .Fails("not_found");

        knowledge.MapDelete("/documents/{documentId:uuid}", DeleteDocument.HandleAsync)
            .RequireScope(Write)
            .WithName("deleteDocument")
            .WithSummary("Delete a document")
            .WithDescription("Deletes a document of yours, or as an owner or admin one that is shared with your organization. From now on nothing of it is found.")
            .Fails("not_found", "forbidden");

        knowledge.MapGet("/documents/{documentId:uuid}/chunks", ListChunks.HandleAsync)
            .RequireScope(Read)
            .WithName("listDocumentChunks")
            .WithSummary("List the passages of a document")
            .WithDescription("What was understood of a document: its passages in reading order, as the search finds them.")
            .Fails("not_found");
    }
}
