using System.Buffers.Binary;

namespace MLNetExtensions.Parquet;

/// <summary>
/// A look at what a Parquet file states of itself, before it is read: the reader of Parquet.Net believes numbers of rows, of elements and of
/// bytes, makes room for them, and looks for rows until it has them.
/// </summary>
internal static class ParquetCheck
{
    private const int TailBytes = 8;

    // A page that unpacks to more is one of many different values, which are not packed to less than deflate does at most.
    private const int SmallPage = 16 << 20,
        MostUnpacked = 1032;

    // Most have less than 100 bytes; statistics of long values may need more.
    private const int UsualPageHeader = 16 << 10;

    /// <summary>Checks a file.</summary>
    /// <param name="file">The file; its position changes.</param>
    /// <param name="columns">The columns that are to be read, by the first part of their paths.</param>
    /// <exception cref="InvalidDataException">A number cannot be.</exception>
    public static void Check(Stream file, IReadOnlyCollection<string> columns)
    {
        byte[] tail = new byte[TailBytes];
        if (file.Length < TailBytes + 4)
            throw new InvalidDataException($"it has only {file.Length} bytes");
        file.Position = file.Length - TailBytes;
        file.ReadExactly(tail);
        // What is encrypted, or is something else, its reader refuses.
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
            return;
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail),
            end = file.Length - TailBytes - length;
        if (end < 4)
            throw new InvalidDataException($"its footer states {length} bytes");
        byte[] footer = new byte[length];
        file.Position = end;
        file.ReadExactly(footer);
        ThriftStruct metadata = new ThriftReader(footer).ReadStruct();
        CheckSchema([.. metadata.Structs(2)]);
        long rows = 0;
        foreach (ThriftStruct group in metadata.Structs(4))
        {
            long inGroup = Stated(group.Number(3), "rows", MostRows(file.Length));
            rows = Stated(rows + inGroup, "rows", MostRows(file.Length));
            foreach (ThriftStruct column in group.Structs(1))
                if (column.Struct(3) is { } chunk && columns.Contains(chunk.Texts(3).FirstOrDefault(""), StringComparer.Ordinal))
                    CheckPages(file, chunk, end);
        }
        Stated(metadata.Number(3), "rows", MostRows(file.Length));
    }

    /// <summary>A row without any value takes a bit.</summary>
    private static long MostRows(long fileBytes) => 8 * fileBytes;

    private static void CheckSchema(ThriftStruct[] elements)
    {
        if (elements.Length == 0)
            throw new InvalidDataException("it has no schema");
        var open = new Stack<long>([1]);
        foreach (ThriftStruct element in elements)
        {
            while (open.TryPeek(out long left) && left == 0)
                open.Pop();
            if (open.Count is 0 or > 32)
                throw new InvalidDataException("its schema has more elements, or more levels, than it states");
            open.Push(open.Pop() - 1);
            open.Push(Stated(element.Number(5) ?? 0, "columns", elements.Length));
        }
        if (open.Any(left => left != 0))
            throw new InvalidDataException("its schema has fewer elements than it states");
    }

    /// <summary>Walks the pages of a column in a row group.</summary>
    private static void CheckPages(Stream file, ThriftStruct chunk, long end)
    {
        string name = string.Join('/', chunk.Texts(3));
        long values = Stated(chunk.Number(5), $"values of column '{name}'", MostRows(file.Length)),
            at = Stated(chunk.Number(9), $"as the place of column '{name}'", end);
        if (chunk.Number(11) is > 0 and long dictionary)
            at = Math.Min(at, dictionary);
        while (values > 0)
        {
            ThriftStruct page = ReadPageHeader(file, ref at, end);
            long packed = Stated(page.Number(3), $"bytes of a page of column '{name}'", end - at);
            long unpacked = Stated(
                page.Number(2),
                $"unpacked bytes of a page of column '{name}'",
                Math.Max(SmallPage, MostUnpacked * packed)
            );
            at += packed;
            if (page.Struct(7) is { } dictionaryPage)
                Stated(dictionaryPage.Number(1), $"values of the dictionary of column '{name}'", unpacked);
            if ((page.Struct(5) ?? page.Struct(8)) is not { } data)
                continue;
            long inPage = Stated(data.Number(1), $"values of a page of column '{name}'", values);
            if (inPage == 0)
                throw new InvalidDataException($"a page of column '{name}' has no values");
            values -= inPage;
        }
    }

    private static ThriftStruct ReadPageHeader(Stream file, ref long at, long end)
    {
        for (long size = UsualPageHeader; ; size *= 16)
        {
            byte[] head = new byte[Math.Min(size, end - at)];
            file.Position = at;
            file.ReadExactly(head);
            var reader = new ThriftReader(head);
            try
            {
                ThriftStruct page = reader.ReadStruct();
                at += reader.Position;
                return page;
            }
            catch (InvalidDataException) when (size < Math.Min(end - at, Array.MaxLength / 16))
            {
                // It may be a longer one.
            }
        }
    }

    private static long Stated(long? number, string of, long most) =>
        number is >= 0 and var value && value <= most
            ? value
            : throw new InvalidDataException(
                $"it states {number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no number of"} {of}; {most} at most are possible"
            );
}
