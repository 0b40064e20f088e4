using System.Text.Json.Serialization;

namespace MLNetExtensions.Backbones.Exported;

/// <summary>Labels as a JSON array of texts, by generated code.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class LabelsJson : JsonSerializerContext;
