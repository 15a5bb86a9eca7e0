namespace Xentree.Worker.Knowledge;

/// <summary>A document that cannot be read, however often it is tried. The message is a sentence for whoever uploaded it.</summary>
public sealed class UnreadableException(string message) : Exception(message)
{
    /// <summary>It is not what its type says.</summary>
    public static UnreadableException Damaged => new("The file is damaged: it cannot be read.");

    /// <summary>It asks for a password.</summary>
    public static UnreadableException Encrypted => new("The file is encrypted: upload it without a password.");

    /// <summary>There is nothing to find.</summary>
    public static UnreadableException Empty => new("The file holds no text.");

    /// <summary>It holds pictures of text.</summary>
    public static UnreadableException Scanned => new("The file holds no text, only pictures: a scan must go through text recognition first.");

    /// <summary>It costs too much.</summary>
    public static UnreadableException TooLarge => new("The file holds too much to be read: split it into smaller ones.");

    /// <summary>It takes too long.</summary>
    public static UnreadableException TooSlow => new("The file takes too long to read: it is damaged, or too complex.");

    /// <summary>It has too many pages.</summary>
    public static UnreadableException TooManyPages(int most) => new($"The file has more than {most} pages: split it into smaller ones.");
}
