using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Checkpoints of training (<c>*.ckpt</c>), as a run reads them that resumes.</summary>
internal sealed class CheckpointFormat : IFuzzFormat
{
    private const int HeaderBytes = 52;

    public string Name => "checkpoint";

    public string Extension => ".ckpt";

    public IReadOnlyList<Type> Answers { get; } = [typeof(CheckpointException)];

    public IReadOnlyList<byte[]> Corpus { get; } = [Written(weights: 2), Written(weights: 20)];

    public byte[] Mutate(byte[] input, Random random)
    {
        if (input.Length <= HeaderBytes || random.Next(8) == 0)
            return ByteMutation.Mutate(input, random);
        // What passes the check of the header, as a file made on purpose does.
        byte[] body =
            random.Next(3) == 0 ? MutateManifest(input[HeaderBytes..], random) : ByteMutation.Mutate(input[HeaderBytes..], random);
        byte[] file = [.. input[..HeaderBytes], .. body];
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(12), body.Length);
        SHA256.HashData(body, file.AsSpan(20, SHA256.HashSizeInBytes));
        return file;
    }

    public void Execute(FuzzInput input) => CheckpointFile.Read(input.File);

    /// <summary>The body begins with a text: its length and its bytes, JSON.</summary>
    private static byte[] MutateManifest(byte[] body, Random random)
    {
        var stream = new MemoryStream(body);
        byte[] json;
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            json = Encoding.UTF8.GetBytes(reader.ReadString());
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or IOException or ArgumentException)
        {
            return ByteMutation.Mutate(body, random);
        }
        var changed = new MemoryStream();
        using (var writer = new BinaryWriter(changed, Encoding.UTF8, leaveOpen: true))
            writer.Write(Encoding.UTF8.GetString(TextMutation.Mutate(json, random)));
        changed.Write(body.AsSpan((int)stream.Position));
        return changed.ToArray();
    }

    private static byte[] Written(int weights)
    {
        var epoch = new EpochResult(TrainingPhase.Head, 1, 1.5, 0.5, double.NaN, 0.1f, TimeSpan.FromSeconds(1));
        Dictionary<string, OnnxTensor> tensors = Enumerable
            .Range(0, weights)
            .Select(i => OnnxTensor.FromFloats($"layer{i}.weight", [i + 1, 3], new float[(i + 1) * 3]))
            .ToDictionary(t => t.Name);
        string path = Path.GetTempFileName();
        try
        {
            CheckpointFile.Write(
                path,
                new TrainingCheckpoint
                {
                    Settings = new Dictionary<string, string> { ["Seed"] = "1", ["Loss"] = "CrossEntropy" },
                    Phase = TrainingPhase.Head,
                    Loop = new LoopState
                    {
                        Epoch = 1,
                        Epochs = [epoch],
                        KeptWeights = tensors,
                    },
                    History = [epoch],
                    Weights = tensors,
                    SessionState = new Dictionary<string, OnnxTensor> { ["steps"] = OnnxTensor.FromInt64s("steps", [], [3]) },
                }
            );
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
