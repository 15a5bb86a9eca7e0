namespace Xentree.Domain.Knowledge;

/// <summary>The media types of documents that can be read.</summary>
public static class DocumentTypes
{
    /// <summary>Plain text.</summary>
    public const string Text = "text/plain";

    /// <summary>Markdown.</summary>
    public const string Markdown = "text/markdown";

    /// <summary>HTML.</summary>
    public const string Html = "text/html";

    /// <summary>PDF.</summary>
    public const string Pdf = "application/pdf";

    /// <summary>Word's format since 2007.</summary>
    public const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
}
