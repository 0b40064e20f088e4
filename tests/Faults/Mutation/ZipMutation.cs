using System.IO.Compression;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to zip files: to the content of an entry, which is packed again, or to the bytes of the file.</summary>
internal static class ZipMutation
{
    /// <param name="input">The zip file.</param>
    /// <param name="random">The draws.</param>
    /// <param name="content">Damages an entry, by its name.</param>
    public static byte[] Mutate(byte[] input, Random random, Func<string, byte[], byte[]> content)
    {
        if (random.Next(4) == 0)
            return ByteMutation.Mutate(input, random);
        var result = new MemoryStream();
        try
        {
            using var from = new ZipArchive(new MemoryStream(input), ZipArchiveMode.Read);
            int target = random.Next(from.Entries.Count),
                change = random.Next(12);
            using var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true);
            for (int i = 0; i < from.Entries.Count; i++)
            {
                ZipArchiveEntry entry = from.Entries[i];
                if (i == target && change == 0)
                    continue;
                using Stream stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                byte[] written = i == target && change > 2 ? content(entry.FullName, bytes.ToArray()) : bytes.ToArray();
                string name = i == target && change == 1 ? "../" + entry.FullName : entry.FullName;
                for (int times = i == target && change == 2 ? 2 : 1; times > 0; times--)
                    using (Stream target2 = to.CreateEntry(name, CompressionLevel.Fastest).Open())
                        target2.Write(written);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            // It was damaged before, and is no zip file any more.
            return ByteMutation.Mutate(input, random);
        }
        return result.ToArray();
    }
}
