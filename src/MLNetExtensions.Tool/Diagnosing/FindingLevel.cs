using System.Text.Json.Serialization;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>What a finding means.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works, but worse than it could.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It does not work.</summary>
    [JsonStringEnumMemberName("fault")]
    Fault,
}
