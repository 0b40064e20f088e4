using MLNetExtensions.Reports.Content;
using MLNetExtensions.Reports.Images;
using MLNetExtensions.Reports.Pixels;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>The images that are listed with their masks.</summary>
internal static class MaskCards
{
    public static IReadOnlyList<MaskCard> Of(
        IReadOnlyList<PixelImageContent> images,
        IReadOnlyList<MaskedRow> rows,
        Gallery gallery,
        MaskOverlay overlay
    ) =>
        [
            .. images.Zip(
                rows,
                (image, row) =>
                    new MaskCard(
                        RowCards.Card(
                            image.Row,
                            gallery.Of(image.Row),
                            image.Actual,
                            image.Predicted,
                            $"{TemplateFilters.Percent(image.WrongFraction)} of the pixels wrong"
                        ),
                        overlay.Source(row.Truth),
                        overlay.Source(row.Found)
                    )
            ),
        ];
}
