using Microsoft.ML;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>The width and height that images had before they were resized, two numbers for a row.</summary>
/// <param name="ColumnName">The column of the images.</param>
/// <param name="Image">The number of the input that they are decoded for; it stands before this one.</param>
internal sealed record ImageSizeSource(string ColumnName, int Image) : InputSource
{
    public override string ColumnName { get; } = ColumnName;

    public override RowShape ShapeIn(DataViewSchema schema) => new(ColumnName, [2], IsExact: true);

    public override InputReader Open(DataViewRow row) => new ImageSizeReader(Image);
}
