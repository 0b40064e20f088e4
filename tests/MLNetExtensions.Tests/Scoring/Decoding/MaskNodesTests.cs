using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Decoding;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>Masks that a graph brings to an image's size are those that the trainer's own step makes.</summary>
public class MaskNodesTests
{
    private const int Width = 31,
        Height = 24;

    [Theory]
    [InlineData(ImageResizeMode.Pad)]
    [InlineData(ImageResizeMode.Stretch)]
    [InlineData(ImageResizeMode.CropCenter)]
    public void Each_pixel_is_the_one_of_the_rule(ImageResizeMode mode)
    {
        var rule = new MaskRule(Width, Height, mode);
        using var session = new InferenceSession(Graph(rule).ToBytes());
        var random = new Random(3);
        byte[] network = [.. Enumerable.Range(0, Width * Height).Select(_ => (byte)random.Next(256))];
        ImageSize[] sizes =
        [
            new(31, 24),
            new(62, 48),
            new(1, 1),
            new(400, 3),
            new(3, 400),
            .. Enumerable.Range(0, 40).Select(_ => Any(random)),
        ];

        foreach (ImageSize size in sizes)
        {
            var expected = new byte[size.Width * size.Height];
            rule.Restore(network, size, expected);
            using OrtValue mask = OrtValue.CreateTensorValueFromMemory(network, [1, Height, Width]),
                image = OrtValue.CreateTensorValueFromMemory<float>([size.Width, size.Height], [1, 2]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> made = session.Run(run, ["raw", "size"], [mask, image], ["mask"]);
            Assert.Equal([1, size.Height, size.Width], made[0].GetTensorTypeAndShape().Shape);
            Assert.Equal(expected, made[0].GetTensorDataAsSpan<byte>().ToArray());
        }
    }

    private static ImageSize Any(Random random) => new(random.Next(1, 200), random.Next(1, 200));

    private static OnnxGraph Graph(MaskRule rule)
    {
        var end = new GraphEnd(new ScoringNames("mask"));
        new MaskNodes(end, rule).Add("mask", "raw", "size");
        return new OnnxGraph
        {
            Name = "mask",
            Opsets = new Dictionary<string, int> { [""] = 13 },
            Inputs =
            [
                OnnxValue.Create("raw", OnnxElementType.UInt8, -1, Height, Width),
                OnnxValue.Create("size", OnnxElementType.Float, -1, 2),
            ],
            Outputs = [OnnxValue.Create("mask", OnnxElementType.UInt8, -1, -1, -1)],
            Nodes = [.. end.After("")],
            Initializers = end.Constants.ToDictionary(c => c.Name),
        };
    }
}
