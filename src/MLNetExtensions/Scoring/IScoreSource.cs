using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring;

/// <summary>The source from which output columns read the model's outputs for the current row.</summary>
internal interface IScoreSource
{
    /// <summary>The row's values of an output; computed at the first call for a row.</summary>
    /// <typeparam name="T">ML.NET's type of the output's elements.</typeparam>
    /// <param name="output">The output's number in the plan.</param>
    ReadOnlySpan<T> Values<T>(int output);

    /// <summary>True if the row's image could not be read and missing scores were requested; its values are then NaN, 0 or empty.</summary>
    bool IsMissing { get; }

    /// <summary>The size of the row's image as it was; nothing where there is none, or where it is not known.</summary>
    ImageSize Image { get; }
}
