using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>
/// The mapping that models name which were saved before decodings were nodes of their graphs: a detection network's outputs to objects.
/// </summary>
[CustomMappingFactoryAttribute("MLNetExtensions.Detection")]
internal sealed class DetectionMapping : CustomMappingFactory<DetectionOutputs, DetectedObjects>
{
    public override Action<DetectionOutputs, DetectedObjects> GetMapping() => Map;

    private static void Map(DetectionOutputs source, DetectedObjects target)
    {
        var found = new List<Detection>();
        ImageSize image =
            source.Size.Length == 2 ? new ImageSize((int)source.Size.GetItemOrDefault(0), (int)source.Size.GetItemOrDefault(1)) : default;
        DetectionRule
            .FromNumbers(Values(source.Rule))
            .Detect(Values(source.First), Values(source.Second), Values(source.Third), image, found);
        target.Boxes = new VBuffer<float>(4 * found.Count, Detection.ValuesOf(found));
        target.Scores = new VBuffer<float>(found.Count, [.. found.Select(d => d.Score)]);
        target.Classes = new VBuffer<uint>(found.Count, [.. found.Select(d => (uint)d.Class)]);
    }

    private static ReadOnlySpan<float> Values(VBuffer<float> values) =>
        values.IsDense ? values.GetValues() : values.DenseValues().ToArray();
}
