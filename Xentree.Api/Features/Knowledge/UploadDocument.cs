using System.Text;
using Azure.Storage.Blobs;
using Hangfire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Blobs;
using Xentree.Data.Knowledge;
using Xentree.Data.Organizations;
using Xentree.Domain;
using Xentree.Domain.Knowledge;
using Xentree.ServiceDefaults;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A file for the knowledge base.</summary>
public sealed record DocumentUploadRequest
{
    /// <summary>The file.</summary>
    public required IFormFile File { get; init; }

    /// <summary>The title, of up to 200 characters; absent, the name of the file.</summary>
    public string? Title { get; init; }

    /// <summary>The organization to share it with, of which you are a member; absent, it is private. With an API key it is the key's.</summary>
    public Guid? OrganizationId { get; init; }
}

internal sealed partial class UploadDocument(
    XentreeDbContext context, BlobServiceClient blobs, IBackgroundJobClient jobs, BusinessClock clock, TimeProvider time, ILogger<UploadDocument> logger)
{
    /// <summary>The greatest file.</summary>
    public const int MaxBytes = 20 * 1024 * 1024;

    /// <summary>The greatest body: the file, and what multipart puts around it.</summary>
    public const int MaxBodyBytes = MaxBytes + (64 * 1024);

    private const int MaxTitle = 200;
    private const int MaxFieldBytes = 4 * 1024;
    private const string NoName = "Document";

    private static readonly Failure CannotBeRead = Failures.UnsupportedMediaType with { Message = "The file must be plain text, Markdown, HTML, PDF or docx." };

    public static Task<Results<Accepted<DocumentResponse>, Failure>> HandleAsync(HttpRequest request, Caller caller, UploadDocument upload, CancellationToken cancellation) =>
        upload.RunAsync(request, caller, cancellation);

    private async Task<Results<Accepted<DocumentResponse>, Failure>> RunAsync(HttpRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = Base64Url.Encode(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24));
        using var inspection = new FileInspection();
        var (fields, fileName, mediaType) = (new Dictionary<string, string>(), (string?)null, (string?)null);
        await foreach (var part in UploadParts.ReadAsync(request, cancellation))
        {
            switch (part.Name)
            {
                case "file" when inspection.Size > 0:
                    return Failures.Validation("file", "must be one file");
                case "file":
                    await StoreAsync(name, part.Content, inspection, cancellation);
                    if (inspection.Size == 0) return Failures.Validation("file", "must not be empty");
                    if (inspection.MediaType(part.FileName, part.ContentType?.Split(';')[0].Trim()) is not { } type) return CannotBeRead;
                    (fileName, mediaType) = (part.FileName, type);
                    break;
                case "title" or "organization_id":
                    fields[part.Name] = await TextAsync(part, cancellation);
                    break;
            }
        }

        if (mediaType is null) return Failures.Validation("file", "is required");
        if (TitleOf(fields.GetValueOrDefault("title"), fileName) is not { } title) return Failures.Validation("title", $"must have at most {MaxTitle} characters and no NUL");
        var organizationId = caller.OrganizationId;
        if (fields.GetValueOrDefault("organization_id") is { Length: > 0 } text)
        {
            if (!Guid.TryParseExact(text, "D", out var id)) return Failures.Validation("organization_id", "must be a UUID");
            organizationId = id;
        }

        var language = TextLanguage.OfTag(await context.Users.Where(u => u.Id == caller.UserId).Select(u => u.Language).SingleOrDefaultAsync(cancellation) ?? "").Name;
        var document = await context.InTransactionAsync(
            cancel => AddAsync(new Document
            {
                Id = time.NewId(),
                UserId = caller.UserId,
                OrganizationId = organizationId,
                Title = title,
                MediaType = mediaType,
                SizeBytes = inspection.Size,
                Sha256 = inspection.Sha256,
                Blob = name,
                Language = language,
                CreatedAt = clock.Now,
            }, caller, cancel),
            cancellation);
        if (document is null) return Failures.NotFound;

        if (document.Status == DocumentStatus.Processing) Ask();
        return TypedResults.Accepted($"/api/knowledge/documents/{document.Id}", DocumentResponse.From(document));
    }

    // To be found by the worker's recurring run, should the queue not take it.
    private void Ask()
    {
        try
        {
            jobs.RunSoon(DocumentWork.Job);
        }
        catch (Exception exception)
        {
            LogNotAsked(exception);
        }
    }

    private async Task StoreAsync(string name, Stream file, FileInspection inspection, CancellationToken cancellation)
    {
        await context.AnnounceBlobAsync(BlobContainers.Documents, name, time, cancellation);
        await using var inspected = new InspectedStream(file, inspection, MaxBytes);
        await blobs.GetBlobContainerClient(BlobContainers.Documents).WriteAsync(name, inspected, "application/octet-stream", cancellation);
    }

    // Null where the organization does not exist for the caller.
    private async Task<Document?> AddAsync(Document document, Caller caller, CancellationToken cancellation)
    {
        await context.LockUploadAsync(document.UserId, document.OrganizationId, document.Sha256, cancellation);
        if (document.OrganizationId is { } organization
            && await context.FindRoleAsync(organization, caller.UserId, caller.OrganizationId, cancellation) is null)
            return null;

        var same = await context.Documents
            .Where(d => d.UserId == document.UserId && d.OrganizationId == document.OrganizationId && d.Sha256 == document.Sha256)
            .OrderBy(d => d.Id)
            .FirstOrDefaultAsync(cancellation);
        if (same is { Status: DocumentStatus.Failed })
        {
            // Whoever sends it again wants it tried again.
            (same.Status, same.Failure, same.Progress, same.ChunkCount, same.Attempts) = (DocumentStatus.Processing, null, 0, 0, 0);
        }

        if (same is null)
        {
            await context.KeepBlobAsync(BlobContainers.Documents, document.Blob, cancellation);
            context.Documents.Add(document);
        }

        await context.SaveChangesAsync(cancellation);
        return same ?? document;
    }

    private static string? TitleOf(string? given, string? fileName)
    {
        if (!string.IsNullOrWhiteSpace(given)) return given.Trim() is { Length: <= MaxTitle } title && !title.Contains('\0', StringComparison.Ordinal) ? title : null;

        // A name may come with a path, of either kind.
        var last = (fileName ?? "").Split('/', '\\')[^1];
        var name = new string([.. Path.GetFileNameWithoutExtension(last).Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return name.Length == 0 ? NoName : name.Length <= MaxTitle ? name : name[..MaxTitle];
    }

    private static async Task<string> TextAsync(UploadPart part, CancellationToken cancellation)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var length = await part.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= MaxFieldBytes ? Encoding.UTF8.GetString(buffer, 0, length) : throw Failures.Validation(part.Name, "is too long").AsException();
    }

    [LoggerMessage(LogLevel.Warning, "The worker could not be asked to read a document; its recurring run will find it")]
    private partial void LogNotAsked(Exception exception);
}
