using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Runs;

/// <summary>A model's figures on images that it was not trained on, as <c>metrics.json</c> holds them.</summary>
internal interface IRunMetrics
{
    /// <summary>The result in a sentence.</summary>
    string Headline { get; }

    /// <summary>The figures that runs are compared by, with their names.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Figures { get; }

    /// <summary>The figures of the last line of <c>--json</c>.</summary>
    IReadOnlyList<KeyValuePair<string, JsonNode?>> EndValues { get; }

    /// <summary>A run's status with the figure that lists show.</summary>
    RunStatus AddTo(RunStatus status);

    string ToJson();
}
