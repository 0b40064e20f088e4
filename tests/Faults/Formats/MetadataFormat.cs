using System.Text;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Exported models whose metadata say how images become their input, up to the first prediction.</summary>
internal sealed class MetadataFormat : IFuzzFormat
{
    private static readonly Lazy<byte[]> Image = new(() => RasterPng());
    private readonly MLContext _ml = new(seed: 1);

    public string Name => "meta";

    public string Extension => ".onnx";

    public IReadOnlyList<Type> Answers { get; } =
    [typeof(OnnxFormatException), typeof(InvalidImageException), typeof(FileNotFoundException)];

    public IReadOnlyList<byte[]> Corpus => field ??= [Exported()];

    public byte[] Mutate(byte[] input, Random random)
    {
        if (random.Next(4) == 0 || WireField.Read(input) is not { } model)
            return ProtobufMutation.Mutate(input, random);
        // The metadata are the model's field 14: a key and a value.
        WireField[] entries = [.. model.Where(f => f is { Number: 14, Fields.Count: 2 })];
        if (entries.Length == 0)
            return ProtobufMutation.Mutate(input, random);
        WireField value = entries[random.Next(entries.Length)].Fields![1];
        (value.Content, value.Fields) = (TextMutation.Mutate(value.Content, random), null);
        return WireField.Write(model);
    }

    public void Execute(FuzzInput input)
    {
        using VisionPredictor predictor = _ml.Model.CreateVisionPredictor(input.File, new VisionPredictorOptions { MaxBatchSize = 2 });
        try
        {
            _ = predictor.PredictAsync(Image.Value).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException e)
            when (e.InnerException is OnnxRuntimeException && e.Message.Contains(Path.GetFileName(input.File), StringComparison.Ordinal))
        {
            // Shapes that do not fit may show when the model runs.
        }
    }

    private byte[] Exported()
    {
        using var transformer = SmallClassifier.Create(_ml, out _);
        return transformer.Model.ToBytes();
    }

    private static byte[] RasterPng()
    {
        using var bitmap = new SkiaSharp.SKBitmap(20, 16);
        bitmap.Erase(SkiaSharp.SKColors.Teal);
        return bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100).ToArray();
    }
}
