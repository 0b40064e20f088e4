using MLNetExtensions.Imaging;

namespace MLNetExtensions.Quality;

/// <summary>The options of <see cref="Microsoft.ML.LabelErrorCatalog.PreviewLabelErrors"/>.</summary>
public sealed record PreviewLabelErrorsOptions
{
    /// <summary>The folder that relative paths start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>The number of images, the worst labels first; 1 to 500.</summary>
    /// <value>The default is 20.</value>
    public int Images { get; init; } = 20;

    /// <summary>The number of images side by side; 1 to 50.</summary>
    /// <value>The default is 5.</value>
    public int Columns { get; init; } = 5;

    /// <summary>The longer side of each image, in pixels; 32 to 512.</summary>
    /// <value>The default is 200.</value>
    public int TileSize { get; init; } = 200;

    internal void Check()
    {
        var problems = new OptionProblems();
        problems.Check(Images is >= 1 and <= 500, nameof(Images), Images, "1 to 500");
        problems.Check(Columns is >= 1 and <= 50, nameof(Columns), Columns, "1 to 50");
        problems.Check(TileSize is >= 32 and <= 512, nameof(TileSize), TileSize, "32 to 512");
        problems.Throw();
    }
}
