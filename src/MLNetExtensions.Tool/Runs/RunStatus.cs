namespace MLNetExtensions.Tool.Runs;

/// <summary>What <c>status.json</c> says of a run, for scripts and for <c>mlnetx runs</c>. Times are UTC.</summary>
internal sealed record RunStatus
{
    public required RunState State { get; init; }

    /// <summary>Why it is in this state: all epochs done, stopped early, the time limit, the error.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Classify, detect or segment.</summary>
    public string? Task { get; init; }

    public DateTime Started { get; init; }

    public DateTime Updated { get; init; }

    public string? Backbone { get; init; }

    public string? Data { get; init; }

    public int? TrainingImages { get; init; }

    public int? ValidationImages { get; init; }

    public int? TestImages { get; init; }

    /// <summary>Features, head or backbone.</summary>
    public string? Phase { get; init; }

    public int? Epoch { get; init; }

    public int? Epochs { get; init; }

    public double? ImagesPerSecond { get; init; }

    /// <summary>The time that the current phase still takes.</summary>
    public double? SecondsLeft { get; init; }

    public double? BestValidationAccuracy { get; init; }

    public double? BestValidationLoss { get; init; }

    /// <summary>The accuracy on held out images, of the finished model.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The mean average precision at an IoU of 0.5 on held out images, of a finished detector.</summary>
    public double? TestMeanAveragePrecision50 { get; init; }

    /// <summary>The mean IoU on held out images, of a finished segmentation network.</summary>
    public double? TestMeanIoU { get; init; }

    /// <summary>The exit code of the process; null while it runs.</summary>
    public int? ExitCode { get; init; }
}
