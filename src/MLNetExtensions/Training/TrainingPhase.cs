namespace MLNetExtensions.Training;

/// <summary>The parts of a training run.</summary>
public enum TrainingPhase
{
    /// <summary>Images are decoded, and frozen layers, if any, run once over them.</summary>
    Features,

    /// <summary>The new head is trained on the features.</summary>
    Head,

    /// <summary>Layers of the backbone are trained together with the head.</summary>
    Backbone,

    /// <summary>A whole network is trained from scratch.</summary>
    Network,
}
