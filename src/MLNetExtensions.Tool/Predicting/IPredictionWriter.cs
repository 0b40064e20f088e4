namespace MLNetExtensions.Tool.Predicting;

/// <summary>Writes predictions; disposing it ends the file, not the writer below.</summary>
internal interface IPredictionWriter : IDisposable
{
    void Write(Prediction prediction);
}
