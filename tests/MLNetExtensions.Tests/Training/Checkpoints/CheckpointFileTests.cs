using System.Buffers.Binary;
using System.Security.Cryptography;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;
using Xunit;

namespace MLNetExtensions.Tests.Training.Checkpoints;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "sub", "run.ckpt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        TrainingCheckpoint written = Sample();
        CheckpointFile.Write(File, written);
        TrainingCheckpoint read = CheckpointFile.Read(File);

        Assert.Equal(written.Settings, read.Settings);
        Assert.Equal(written.Phase, read.Phase);
        Assert.Equal(written.History, read.History);
        Assert.Equal(written.Loop.Epochs, read.Loop.Epochs);
        Assert.Equal(
            (2, 48, 0.1 + 0.2, TimeSpan.FromTicks(7), 1, double.PositiveInfinity),
            (read.Loop.Epoch, read.Loop.Done, read.Loop.LossSum, read.Loop.Elapsed, read.Loop.Best, read.Loop.BestLoss)
        );
        AssertEqual(written.Weights, read.Weights);
        AssertEqual(written.SessionState, read.SessionState);
        AssertEqual(written.Loop.KeptWeights!, read.Loop.KeptWeights!);
        Assert.Equal([File], Directory.EnumerateFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        CheckpointFile.Write(File, Sample());
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (int length in (int[])[0, 5, 8, 30, 52, 100, whole.Length - 1])
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            CheckpointException error = Assert.Throws<CheckpointException>(() => CheckpointFile.Read(File));
            Assert.Contains(length < 8 ? "no checkpoint" : "cut short", error.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_is_refused()
    {
        CheckpointFile.Write(File, Sample());
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (int position in Enumerable.Range(0, 60).Append(whole.Length - 1))
        {
            byte[] changed = [.. whole];
            changed[position] ^= 4;
            System.IO.File.WriteAllBytes(File, changed);
            Assert.Throws<CheckpointException>(() => CheckpointFile.Read(File));
        }
    }

    [Fact]
    public void Another_version_says_so()
    {
        CheckpointFile.Write(File, Sample());
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[8] = 9;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Contains("version 9", Assert.Throws<CheckpointException>(() => CheckpointFile.Read(File)).Message, StringComparison.Ordinal);
    }

    /// <summary>A file made on purpose has the right length and the right hash.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void A_number_of_tensors_that_the_file_does_not_bear_out_is_refused(int count)
    {
        CheckpointFile.Write(File, Sample());
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        using (var reader = new BinaryReader(new MemoryStream(bytes[HeaderBytes..])))
        {
            reader.ReadString();
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + (int)reader.BaseStream.Position), count);
        }
        SHA256.HashData(bytes.AsSpan(HeaderBytes), bytes.AsSpan(20, SHA256.HashSizeInBytes));
        System.IO.File.WriteAllBytes(File, bytes);

        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<CheckpointException>(() => CheckpointFile.Read(File)).Message;

        Assert.Contains("run.ckpt", message, StringComparison.Ordinal);
        Assert.Contains("are announced", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Fact]
    public void A_missing_file_says_so() =>
        Assert.Contains(
            "run.ckpt",
            Assert.Throws<FileNotFoundException>(() => CheckpointFile.Read(File)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        CheckpointFile.Write(File, Sample());
        byte[] old = System.IO.File.ReadAllBytes(File);
        // The write fails in the middle, as on a full disk.
        TrainingCheckpoint bad = Sample() with
        {
            Weights = new Dictionary<string, OnnxTensor> { ["a"] = Unwritable() },
        };

        Assert.Throws<IOException>(() => CheckpointFile.Write(File, bad));

        Assert.Equal(old, System.IO.File.ReadAllBytes(File));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(File)!));
    }

    private static OnnxTensor Unwritable() => new("a", OnnxElementType.Float, [1], new FailingMemory().Memory);

    private static void AssertEqual(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, OnnxTensor tensor) in expected)
        {
            Assert.Equal((tensor.ElementType, tensor.Name), (actual[name].ElementType, actual[name].Name));
            Assert.Equal(tensor.Shape, actual[name].Shape);
            Assert.Equal(tensor.RawData.ToArray(), actual[name].RawData.ToArray());
        }
    }

    private const int HeaderBytes = 52;

    private static TrainingCheckpoint Sample()
    {
        EpochResult[] history =
        [
            new(TrainingPhase.Head, 1, 1.5, null, null, 0.1f, TimeSpan.FromSeconds(1)),
            new(TrainingPhase.Backbone, 1, 0.1 + 0.2, double.NaN, 0.5, 1e-7f, TimeSpan.FromTicks(123))
            {
                ValidationMeanAbsoluteError = 0.25,
                DataWait = TimeSpan.FromTicks(5),
            },
        ];
        return new TrainingCheckpoint
        {
            Settings = new Dictionary<string, string> { ["Seed"] = "1", ["Über"] = "\n" },
            Phase = TrainingPhase.Backbone,
            Loop = new LoopState
            {
                Epoch = 2,
                Done = 48,
                LossSum = 0.1 + 0.2,
                Elapsed = TimeSpan.FromTicks(7),
                Best = 1,
                Epochs = [history[1]],
                KeptWeights = Tensors("kept"),
            },
            History = history,
            Weights = Tensors("w"),
            SessionState = new Dictionary<string, OnnxTensor> { ["steps"] = OnnxTensor.FromInt64s("steps", [], [3]) },
        };
    }

    private static Dictionary<string, OnnxTensor> Tensors(string name) =>
        new()
        {
            [name] = OnnxTensor.FromFloats(name, [2, 3], [1, 2, 3, 4, 5, float.Epsilon]),
            ["empty"] = OnnxTensor.FromFloats("empty", [0], []),
        };

    private sealed class FailingMemory : System.Buffers.MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => throw new IOException("disk full");

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => default;

        public override void Unpin() { }

        public override Memory<byte> Memory => CreateMemory(4);

        protected override void Dispose(bool disposing) { }
    }
}
