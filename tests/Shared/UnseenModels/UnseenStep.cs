namespace MLNetExtensions.UnseenModels;

/// <summary>What a user does with an ONNX file, in the order of the matrix.</summary>
internal enum UnseenStep
{
    /// <summary><c>Backbone.FromFile</c>.</summary>
    Load,

    /// <summary><c>ScoreOnnx</c> on image files in batches: ONNX Runtime's values of each image alone.</summary>
    Score,

    /// <summary><c>FineTune</c> with the head alone.</summary>
    Head,

    /// <summary><c>FineTune</c> with <c>LastStages(1)</c>.</summary>
    LastStages,

    /// <summary><c>FineTune</c> with all layers.</summary>
    AllLayers,

    /// <summary><c>Quantize</c> of the model that the head was trained for.</summary>
    Int8,

    /// <summary><c>Prune</c> of the backbone to half of its multiplications.</summary>
    Prune,

    /// <summary><c>ml.Model.Save</c> of the trained pipeline, and the reloaded model's scores.</summary>
    Save,
}
