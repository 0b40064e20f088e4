namespace WebAppSample.Predicting;

/// <summary>The regions of an image that a prediction rests on.</summary>
/// <param name="Label">The class that is explained: the most probable one.</param>
/// <param name="Score">Its probability with nothing hidden.</param>
/// <param name="Columns">The number of regions side by side.</param>
/// <param name="Rows">The number of regions one below the other.</param>
/// <param name="Drops">For each region, row by row, by how much the probability falls while the region is hidden; negative if it
/// rises.</param>
/// <param name="Overlay">A translucent PNG to lay over the upright image, as a <c>data:</c> address: the redder, the larger the
/// drop.</param>
/// <param name="Milliseconds">The time from the image's last byte to the answer.</param>
public sealed record ExplanationAnswer(
    string? Label,
    float Score,
    int Columns,
    int Rows,
    IReadOnlyList<float> Drops,
    string Overlay,
    double Milliseconds
);
