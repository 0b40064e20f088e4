using System.Text.Json.Serialization;

namespace MLNetExtensions.Tool.Runs;

/// <summary>How far a run is.</summary>
internal enum RunState
{
    /// <summary>It is running.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It ended in order, also by early stopping or a time limit.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It was canceled; if an epoch had ended, the best model so far was kept.</summary>
    [JsonStringEnumMemberName("canceled")]
    Canceled,

    /// <summary>It ended by an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its process ended without a word: killed, or the machine stopped. Not written, but found by readers.</summary>
    [JsonStringEnumMemberName("brokenOff")]
    BrokenOff,
}
