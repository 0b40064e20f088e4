namespace WebAppSample.Storage;

/// <summary>A training run, and its model once it is completed.</summary>
public sealed class TrainingRun
{
    /// <summary>Its number, also the name of its folder.</summary>
    public int Id { get; set; }

    /// <summary>The name to show.</summary>
    public required string Name { get; set; }

    /// <summary>How far it is.</summary>
    public RunState State { get; set; }

    /// <summary>The time when it was asked for (UTC).</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>The time from its start to its end in seconds.</summary>
    public double? Seconds { get; set; }

    /// <summary>The network that was fine-tuned.</summary>
    public required string Backbone { get; set; }

    /// <summary>The number of images that it was trained on.</summary>
    public int TrainImages { get; set; }

    /// <summary>The number of images that it was measured with.</summary>
    public int TestImages { get; set; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; set; }

    /// <summary>The fraction of the images to measure with that are predicted correctly; null if it was not measured.</summary>
    public double? Accuracy { get; set; }

    /// <summary>The file of the model in the run's folder; null if there is none.</summary>
    public string? ModelFile { get; set; }

    /// <summary>True if there is a report in the run's folder.</summary>
    public bool HasReport { get; set; }

    /// <summary>True for the model that answers.</summary>
    public bool IsActive { get; set; }

    /// <summary>The reason why it ended without a model.</summary>
    public string? Error { get; set; }
}
