using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetExtensions.Data.Masks;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Generated code that reads <see cref="CocoFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CocoFile))]
internal sealed partial class CocoJson : JsonSerializerContext
{
    /// <summary>A reader of files with their outlines, or without.</summary>
    public static CocoJson With(bool outlines) =>
        new(new JsonSerializerOptions(Default.Options) { Converters = { new CocoSegmentationConverter(outlines) } });
}
