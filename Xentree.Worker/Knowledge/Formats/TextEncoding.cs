using System.Text;

namespace Xentree.Worker.Knowledge.Formats;

/// <summary>Makes text of bytes.</summary>
internal static class TextEncoding
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>By its mark where it has one, else UTF-8, and else what Windows wrote before.</summary>
    public static string Decode(byte[] file)
    {
        if (file is [0xff, 0xfe, ..]) return Encoding.Unicode.GetString(file, 2, file.Length - 2);
        if (file is [0xfe, 0xff, ..]) return Encoding.BigEndianUnicode.GetString(file, 2, file.Length - 2);

        var start = file is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
        try
        {
            return Strict.GetString(file, start, file.Length - start);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(file);
        }
    }
}
