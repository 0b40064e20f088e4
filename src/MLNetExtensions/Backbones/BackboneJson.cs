using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Backbones;

/// <summary>
/// The JSON format of the catalog and the metadata: camel case, enums as text, no unknown or missing members. The code is generated, so
/// that trimmed applications, where reflection is off, can read them too.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(CamelCase<ImageResizeMode>), typeof(CamelCase<ImageInterpolation>), typeof(CamelCase<ImageChannelOrder>)]
)]
[JsonSerializable(typeof(CatalogText))]
[JsonSerializable(typeof(PreprocessingText))]
internal sealed partial class BackboneJson : JsonSerializerContext
{
    private sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;
}
