global using MLNetExtensions.TestData;
global using MLNetExtensions.TestData.Needs;
global using MLNetExtensions.TrainingContract;
global using Xunit;
