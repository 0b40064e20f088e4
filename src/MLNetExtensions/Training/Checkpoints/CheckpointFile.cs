using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Onnx.Tensors;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>
/// The file of a checkpoint: a header of 52 bytes (eight letters, the version, the length and the SHA-256 of what follows), then the run's
/// position as JSON and the tensors. It is written under another name, brought to the disk, and renamed: there is no half of one.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int Version = 1;

    // A name, a type, no dimensions, a length.
    private const int MinTensorBytes = 1 + sizeof(int) + sizeof(int) + sizeof(long);

    private const int HeaderBytes = 8 + sizeof(int) + sizeof(long) + SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "MLNXCKPT"u8;

    /// <exception cref="IOException">The file could not be written; one that was there is as it was.</exception>
    public static void Write(string path, TrainingCheckpoint checkpoint)
    {
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            TemporaryFile.Write(
                path,
                temporary =>
                {
                    using var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 20);
                    WriteTo(file, checkpoint);
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The checkpoint could not be written: {e.Message}", e);
        }
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">It is damaged, or no checkpoint, or of another version.</exception>
    public static TrainingCheckpoint Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            CheckHeader(file, path);
            using var reader = new BinaryReader(file, Encoding.UTF8);
            return ReadFrom(reader);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no checkpoint '{Path.GetFullPath(path)}'.", path, e);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or FormatException or OverflowException or ArgumentException)
        {
            throw new CheckpointException(path, $"its content does not fit together ({e.Message}).", e);
        }
    }

    /// <summary>Reads what a checkpoint says of its run, without its tensors; the file's checksum is not compared.</summary>
    /// <returns>Null where it is no checkpoint of this version, or is damaged there.</returns>
    public static CheckpointManifest? ReadManifest(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (
                file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes
                || !header.StartsWith(Magic)
                || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != Version
            )
                return null;
            using var reader = new BinaryReader(file, Encoding.UTF8);
            return JsonSerializer.Deserialize(ReadText(reader), CheckpointJson.Default.CheckpointManifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return null;
        }
    }

    private static void WriteTo(FileStream file, TrainingCheckpoint checkpoint)
    {
        file.Write(new byte[HeaderBytes]);
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(
                JsonSerializer.Serialize(
                    new CheckpointManifest
                    {
                        Settings = checkpoint.Settings.ToDictionary(),
                        Phase = checkpoint.Phase,
                        Loop = checkpoint.Loop,
                        IsUnproven = checkpoint.Loop.UnprovenWeights is not null,
                        History = checkpoint.History,
                    },
                    CheckpointJson.Default.CheckpointManifest
                )
            );
            Write(writer, checkpoint.Weights);
            Write(writer, checkpoint.SessionState);
            Write(writer, checkpoint.Loop.KeptWeights ?? new Dictionary<string, OnnxTensor>());
        }
        file.Flush();
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], file.Length - HeaderBytes);
        file.Position = HeaderBytes;
        SHA256.HashData(file, header[20..]);
        file.Position = 0;
        file.Write(header);
    }

    private static void CheckHeader(FileStream file, string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        int read = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (read < Magic.Length || !header.StartsWith(Magic))
            throw new CheckpointException(path, "it is no checkpoint of this library (its first bytes are others).");
        if (read < HeaderBytes)
            throw new CheckpointException(path, $"it is cut short: it has {read} bytes.");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != Version)
            throw new CheckpointException(
                path,
                $"it has version {version} of the format; this library reads version {Version}. Train anew, or use the library that "
                    + $"wrote it."
            );
        long expected = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        if (file.Length - HeaderBytes != expected)
            throw new CheckpointException(
                path,
                $"it is cut short or was added to: it has {file.Length} bytes, its header says {expected + HeaderBytes}."
            );
        if (!SHA256.HashData(file).AsSpan().SequenceEqual(header[20..]))
            throw new CheckpointException(path, "it is damaged: its bytes do not give the SHA-256 in its header.");
        file.Position = HeaderBytes;
    }

    private static TrainingCheckpoint ReadFrom(BinaryReader reader)
    {
        CheckpointManifest manifest =
            JsonSerializer.Deserialize(reader.ReadString(), CheckpointJson.Default.CheckpointManifest)
            ?? throw new JsonException("nothing there");
        // The format knows of nulls in members, not of those in lists.
        if (
            manifest.History.Concat(manifest.Loop.Epochs).Any(epoch => epoch is null)
            || manifest.Settings.Values.Any(value => value is null)
        )
            throw new JsonException("an epoch or a setting is null");
        IReadOnlyDictionary<string, OnnxTensor> weights = ReadTensors(reader),
            state = ReadTensors(reader),
            kept = ReadTensors(reader);
        return new TrainingCheckpoint
        {
            Settings = manifest.Settings,
            Phase = manifest.Phase,
            Loop = manifest.Loop with
            {
                KeptWeights = kept.Count > 0 ? kept : null,
                UnprovenWeights = manifest.IsUnproven ? weights : null,
            },
            History = manifest.History,
            Weights = weights,
            SessionState = state,
        };
    }

    private static void Write(BinaryWriter writer, IReadOnlyDictionary<string, OnnxTensor> tensors)
    {
        writer.Write(tensors.Count);
        foreach ((string name, OnnxTensor tensor) in tensors)
        {
            writer.Write(name);
            writer.Write((int)tensor.ElementType);
            writer.Write(tensor.Shape.Count);
            foreach (long size in tensor.Shape)
                writer.Write(size);
            writer.Write((long)tensor.RawData.Length);
            writer.Write(tensor.RawData.Span);
        }
    }

    private static Dictionary<string, OnnxTensor> ReadTensors(BinaryReader reader)
    {
        var tensors = new Dictionary<string, OnnxTensor>();
        for (int left = Count(reader, MinTensorBytes); left > 0; left--)
        {
            string name = ReadText(reader);
            OnnxElementType elementType = ElementTypes.Of(reader.ReadInt32());
            var shape = new long[Count(reader, sizeof(long))];
            for (int d = 0; d < shape.Length; d++)
                shape[d] = reader.ReadInt64();
            long length = reader.ReadInt64();
            if (OnnxTensor.SizeInBytes(elementType, shape) != length)
                throw new FormatException($"tensor '{name}' has {length} bytes for {elementType}[{string.Join(',', shape)}]");
            CheckLeft(reader, length);
            var bytes = new byte[length];
            reader.BaseStream.ReadExactly(bytes);
            tensors.Add(name, new OnnxTensor(name, elementType, shape, bytes));
        }
        return tensors;
    }

    /// <summary>Reads a number of things of at least so many bytes each. No number is believed that the file does not bear out.</summary>
    private static int Count(BinaryReader reader, int bytesEach)
    {
        int count = reader.ReadInt32();
        CheckLeft(reader, (long)count * bytesEach);
        return count;
    }

    /// <summary>A text as <see cref="BinaryWriter"/> writes it. Its own reader makes errors of the disk of what is not there.</summary>
    private static string ReadText(BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        CheckLeft(reader, length);
        return Encoding.UTF8.GetString(reader.ReadBytes(length));
    }

    private static void CheckLeft(BinaryReader reader, long bytes)
    {
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (bytes < 0 || bytes > left)
            throw new FormatException($"{bytes} bytes are announced where {left} are left");
    }
}
