using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.Similarity.Indexing;

/// <summary>Lists of texts as bytes: each with its length before it, in UTF-8.</summary>
internal static class IndexTexts
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of all texts; null for none.</summary>
    /// <exception cref="NotSupportedException">They are over 2 GB.</exception>
    public static byte[] Write(IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return [];
        long size = texts.Sum(text => (long)sizeof(int) + Utf8.GetByteCount(text));
        if (size > Array.MaxLength)
            throw new NotSupportedException(
                $"The texts of {texts.Count} vectors have {size} bytes; a file of an index takes 2 GB of them. Use shorter ids."
            );
        byte[] bytes = new byte[size];
        int at = 0;
        foreach (string text in texts)
        {
            int length = Utf8.GetBytes(text, bytes.AsSpan(at + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), length);
            at += sizeof(int) + length;
        }
        return bytes;
    }

    /// <exception cref="InvalidDataException">They are not <paramref name="count"/> texts.</exception>
    public static string[]? Read(byte[] bytes, int count)
    {
        if (bytes.Length == 0)
            return null;
        var texts = new string[count];
        // Labels come again and again.
        var known = new Dictionary<string, string>();
        int at = 0;
        try
        {
            for (int i = 0; i < count; i++)
            {
                int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
                string text = Utf8.GetString(bytes.AsSpan(at + sizeof(int), length));
                if (known.Count < 10_000)
                    known.TryAdd(text, text);
                texts[i] = known.GetValueOrDefault(text, text);
                at += sizeof(int) + length;
            }
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("its texts do not fit their sizes", e);
        }
        return at == bytes.Length ? texts : throw new InvalidDataException("its texts do not fit their sizes");
    }
}
