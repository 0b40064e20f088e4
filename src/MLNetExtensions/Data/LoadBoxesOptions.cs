using MLNetExtensions.Data.Boxes;

namespace MLNetExtensions.Data;

/// <summary>The options that all sources of images with boxes have.</summary>
public abstract record LoadBoxesOptions
{
    private protected LoadBoxesOptions() { }

    /// <summary>The folder that the images' names start from.</summary>
    /// <value>The default is null: where the format has them.</value>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// The names of the classes, in the order of the label's keys, so that training and test sets agree. A class that is not among them is
    /// an error.
    /// </summary>
    /// <value>The default is null: the classes of the source, in its order.</value>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The handling of boxes that cannot be right.</summary>
    /// <value>The default is <see cref="InvalidBoxHandling.Refuse"/>.</value>
    public InvalidBoxHandling InvalidBoxes { get; init; }

    /// <summary>True to fail at once if files are missing; false to fail when a missing file is read.</summary>
    /// <value>The default is true.</value>
    public bool CheckFiles { get; init; } = true;

    /// <summary>The classes that were asked for; null for those of the source.</summary>
    internal ClassIndex? AskedClasses() => Classes is null ? null : new ClassIndex([.. Classes], $"{GetType().Name}.{nameof(Classes)}");
}
