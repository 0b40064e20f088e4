using System.Text.Json.Serialization;

namespace MLNetExtensions.Scoring;

/// <summary>Labels as a JSON array of texts, by generated code.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class LabelsJson : JsonSerializerContext;
