using Microsoft.ML;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Data.Sources;

/// <summary>Makes views of encoded images, all with the same columns.</summary>
internal static class ImageView
{
    /// <param name="store">The storage of the images.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="nameOf">Gives an image's name, for the ImagePath column.</param>
    /// <param name="labelOf">Gives an image's label; null for a view without labels.</param>
    /// <param name="isSequential">True if images can only be read in their order.</param>
    /// <param name="leftOut">The note on the ImagePath column.</param>
    public static IDataView Create(
        IImageStore store,
        int count,
        Func<int, string> nameOf,
        Func<int, string>? labelOf,
        bool isSequential = false,
        DataViewSchema.Annotations? leftOut = null
    )
    {
        List<SourceColumn> columns =
        [
            new EncodedColumn(DefaultColumnNames.Image, store),
            new TextColumn(DefaultColumnNames.ImagePath, nameOf) { Annotations = leftOut },
        ];
        if (labelOf is not null)
            columns.Add(new TextColumn(DefaultColumnNames.Label, labelOf));
        return new SourceView(count, isSequential, columns);
    }
}
